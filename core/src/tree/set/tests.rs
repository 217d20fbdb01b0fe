use super::*;

fn set(before: &str, expression: &str, mode: Mode) -> Result<String, SetError> {
    let mut root = json::read(before).expect("the test's own JSON").into_owned();
    apply(&mut root, expression, mode, Position::UNKNOWN)?;
    Ok(serde_json::to_string(&root).expect("a tree is always JSON"))
}

fn typed(expression: &str) -> String {
    set("{}", expression, Mode::Typed).expect(expression)
}

/// Answers of `strvals.ParseInto` of Helm 3.17.3.
#[test]
fn types_values_as_helm_does() {
    for (expression, expected) in [
        ("a=1,b=true,c=FALSE,d=Null", r#"{"a":1,"b":true,"c":false,"d":null}"#),
        ("a=0,b=007,c=1.0,d=1e3,e=-5,f=+5", r#"{"a":0,"b":"007","c":"1.0","d":"1e3","e":-5,"f":5}"#),
        (
            "a=9223372036854775807,b=9223372036854775808",
            r#"{"a":9223372036854775807,"b":"9223372036854775808"}"#,
        ),
        ("a=yes,b=,c=x", r#"{"a":"yes","b":"","c":"x"}"#),
        ("a={1,x,true},b=2", r#"{"a":[1,"x",true],"b":2}"#),
        ("a={}", r#"{"a":[""]}"#),
        ("a[0].b=1,a[0].c=2,a[2]=x", r#"{"a":[{"b":1,"c":2},null,"x"]}"#),
        ("a[0][1]=1", r#"{"a":[[null,1]]}"#),
        (r"a\.b=1,c=x\,y,d\=e=f", r#"{"a.b":1,"c":"x,y","d=e":"f"}"#),
        (r"a=\{x\}", r#"{"a":"{x}"}"#),
        ("a.b.c=1,a.b.d=2,", r#"{"a":{"b":{"c":1,"d":2}}}"#),
        ("a=b=c", r#"{"a":"b=c"}"#),
        ("", "{}"),
    ] {
        assert_eq!(typed(expression), expected, "{expression}");
    }
}

#[test]
fn replaces_what_stood_there() {
    let before = r#"{"a": {"b": 1}, "l": ["x", "y"], "n": null}"#;
    let after = set(before, "a=2,l[1]=z,n.k=1", Mode::Typed).expect("valid");
    assert_eq!(after, r#"{"a":2,"l":["x","z"],"n":{"k":1}}"#);
    let after = set(before, "l[0].k=1", Mode::Typed).expect("valid");
    assert_eq!(after, r#"{"a":{"b":1},"l":[{"k":1},"y"],"n":null}"#);
}

#[test]
fn other_modes_read_values_their_own_way() {
    assert_eq!(set("{}", "a=1,b={1,true}", Mode::Text), Ok(r#"{"a":"1","b":["1","true"]}"#.to_owned()));
    assert_eq!(set("{}", r"a.b[0]=x,\y={z}", Mode::Literal), Ok(r#"{"a":{"b":["x,\\y={z}"]}}"#.to_owned()));
    assert_eq!(
        set("{}", r#"a={"b": [1, 2.5]} ,c="x,y" ,d=,e[1]=true"#, Mode::Json),
        Ok(r#"{"a":{"b":[1,2.5]},"c":"x,y","d":null,"e":[null,true]}"#.to_owned())
    );
    assert_eq!(
        set(r#"{"a": {"x": 1}}"#, r#" {"a": {"y": 2}, "b": null}"#, Mode::Json),
        Ok(r#"{"a":{"x":1,"y":2},"b":null}"#.to_owned())
    );
}

#[test]
fn takes_contents_of_files() {
    let mut root = Node::NULL;
    let mut read = |path: &str| match path {
        "ca.pem" => Ok("A,B\n".to_owned()),
        _ => Err("no such file".to_owned()),
    };
    apply_files(&mut root, "tls.ca=ca.pem,all={ca.pem,ca.pem}", Position::UNKNOWN, &mut read)
        .expect("both exist");
    let text = serde_json::to_string(&root).expect("a tree is always JSON");
    assert_eq!(text, r#"{"all":["A,B\n","A,B\n"],"tls":{"ca":"A,B\n"}}"#);
    let error = apply_files(&mut root, "a=b", Position::UNKNOWN, &mut read).expect_err("`b` does not exist");
    assert_eq!(error.to_string(), "cannot read `b`: no such file");
}

#[test]
fn says_what_is_wrong() {
    let before = r#"{"text": "x", "map": {"k": 1}}"#;
    for (expression, expected) in [
        ("a", "`a` has no value: write `a=value`"),
        ("a,b=1", "`a` has no value: write `a=value`"),
        ("=1", "a name is empty: write `name=value`"),
        ("a.=1", "a name below `a` is empty: write `a.name=value`"),
        ("a[x]=1", "`[x]` behind `a` is not an index: write a number from 0"),
        ("a[-1]=1", "`[-1]` behind `a` is not an index: write a number from 0"),
        ("a[65537]=1", "the index 65537 behind `a` exceeds 65536, the most Helm takes"),
        (
            "a[99999999999999999999]=1",
            "the index 99999999999999999999 behind `a` exceeds 65536, the most Helm takes",
        ),
        ("a[0", "the index behind `a` has no `]`"),
        ("a[0]b=1", "`a[0]` must be followed by `.`, `[` or `=`"),
        ("a={x", "the list has no `}`: write `name={a,b}`, or escape the brace as `\\{`"),
        ("text.k=1", "`text` is a string, so no key can be set in it"),
        ("map[0]=1", "`map` is a map, so no index can be set in it"),
    ] {
        let error = set(before, expression, Mode::Typed).expect_err(expression);
        assert_eq!(error.to_string(), expected, "{expression}");
    }
    let error = set("{}", "a=tru", Mode::Json).expect_err("not JSON");
    assert!(error.to_string().starts_with("the value of `a` is not JSON: "), "{error}");
}

#[test]
fn bounds_names_as_helm_does() {
    let dots = |count: usize| format!("{}x=1", "a.".repeat(count));
    assert!(set("{}", &dots(30), Mode::Typed).is_ok());
    assert_eq!(set("{}", &dots(31), Mode::Typed), Err(SetError::TooDeep));
    let indexes = |count: usize| format!("a{}=1", "[0]".repeat(count));
    assert!(set("{}", &indexes(30), Mode::Typed).is_ok());
    assert!(set("{}", &indexes(100_000), Mode::Typed).is_err());
    assert!(set("{}", "a[65536]=1", Mode::Typed).is_ok());
}

/// A finding about what is set points at the flag, and one about its neighbour at the file.
#[test]
fn what_is_set_stands_where_the_caller_says() {
    let mut faults = Vec::new();
    let text = "a: {b: 1, c: 2}\nd: 3\n";
    let limits = crate::tree::yaml::Limits::NATIVE;
    let mut root = crate::tree::yaml::read(text, 0, &limits, &mut faults).remove(0).into_owned();
    let position = Position { source: 7, line: 0, column: 0 };
    for (expression, mode) in [("a.b=4,n.m=5,l[1].k=6", Mode::Typed), (r#"j={"x":[1]}"#, Mode::Json)] {
        apply(&mut root, expression, mode, position).expect("both can be set");
    }
    apply(&mut root, r#"d={"e":1}"#, Mode::Json, position).expect("it replaces the number");
    for (path, source) in [
        ("a.b", 7),
        ("a.c", 0),
        ("a", 0),
        ("n", 7),
        ("n.m", 7),
        ("n.missing", 7),
        ("j.x", 7),
        ("d", 7),
        ("d.e", 7),
    ] {
        let way = path.split('.').fold(crate::path::Path::ROOT, |way, key| way.key(key));
        assert_eq!(root.positions_of(&way).0.source, source, "{path}");
        assert_eq!(root.positions_of(&way).1.source, source, "{path}");
    }
}
