// Command helm-yaml says what Helm's YAML reader makes of texts.
//
// It reads a JSON array of YAML texts from standard input, and prints a JSON array with one answer
// for each: {"json": value} or {"error": message}. The reader is sigs.k8s.io/yaml in the version
// that Helm 3.17.3 pins. It looks at the first document of a text only.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

// answer is what the reader gave for one text; exactly one field is set.
type answer struct {
	JSON  json.RawMessage `json:"json,omitempty"`
	Error string          `json:"error,omitempty"`
}

// read never panics: a panic of the reader is an error of the text, as it is in Helm.
func read(text string) (result answer) {
	defer func() {
		if fault := recover(); fault != nil {
			result = answer{Error: fmt.Sprint("panic: ", fault)}
		}
	}()
	value, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{JSON: value}
}

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		fmt.Fprintln(os.Stderr, "reading texts from standard input:", err)
		os.Exit(1)
	}
	answers := make([]answer, len(texts))
	for index, text := range texts {
		answers[index] = read(text)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		fmt.Fprintln(os.Stderr, "writing answers:", err)
		os.Exit(1)
	}
}
