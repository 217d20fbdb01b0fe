//! What is taken and what is refused, and why.

use super::{Kind, check};

#[test]
fn takes_what_both_read() {
    for text in [
        "",
        "/a/.*",
        "a|b|",
        "(a)(?:b)(?P<c>d)(?<e>f)",
        "(?i)a(?-s:.)(?im-U:x)",
        "a*?b+?c??d{2}e{2,}f{2,5}?",
        "^$",
        "^*",
        "[abc]",
        "[^a-z0-9_-]",
        "[]a]",
        "[^]a]",
        "[-a]",
        "[a-]",
        "[[:alpha:][:^digit:]]",
        r"[\d\s.]",
        r"[\x41-\x{5A}]",
        r"\d\D\w\W\s\S\b\B\A\z",
        r"\.\/\-\+\{\}\[\]\\ \ ",
        r"\x7F\x{10FFFF}",
        r"\pL\p{Greek}\PN\P{Lu}",
        "a}b]",
        "(a{10}){100}",
        "()",
        "[a&b~c]",
        "ä+",
        r"[\]]",
        "[.*+]",
        "(?s).*",
    ] {
        assert_eq!(check(text), Ok(()), "{text}");
    }
}

#[test]
fn refuses_what_one_of_them_cannot_read() {
    for (text, kind, at) in [
        ("a(?=b)", Kind::Lookaround, 1),
        ("(?!a)", Kind::Lookaround, 0),
        ("(?<=a)b", Kind::Lookaround, 0),
        ("(?<!a)b", Kind::Lookaround, 0),
        ("(?>a)", Kind::Atomic, 0),
        (r"(a)\1", Kind::Backreference, 3),
        (r"\k<a>", Kind::Backreference, 0),
        ("(?P<a>b)(?P=a)", Kind::Backreference, 8),
        (r"\012", Kind::Backreference, 0),
        ("a++", Kind::Possessive, 2),
        ("a{2}+", Kind::Possessive, 4),
        ("a**", Kind::RepeatedTwice, 2),
        ("a+??", Kind::RepeatedTwice, 3),
        ("*", Kind::NothingToRepeat, 0),
        ("(+)", Kind::NothingToRepeat, 1),
        ("a|?", Kind::NothingToRepeat, 2),
        ("(?i)*", Kind::NothingToRepeat, 4),
        ("(a", Kind::Unclosed, 0),
        ("a)", Kind::Unopened, 1),
        ("[a", Kind::UnclosedClass, 0),
        ("[]", Kind::UnclosedClass, 0),
        ("[^]", Kind::UnclosedClass, 0),
        ("a{", Kind::Brace, 1),
        ("a{x}", Kind::Brace, 1),
        ("a{,5}", Kind::Brace, 1),
        ("a{5,2}", Kind::Brace, 1),
        ("a{1001}", Kind::TooManyRepetitions, 1),
        ("a{99999999999999999999}", Kind::TooManyRepetitions, 1),
        ("(a{100}){11}", Kind::TooManyRepetitions, 8),
        ("(?x)a", Kind::Group, 0),
        ("(?)", Kind::Group, 0),
        ("(?#a)", Kind::Group, 0),
        ("(?R)", Kind::Group, 0),
        ("(?", Kind::Group, 0),
        ("(?P<1>a)", Kind::GroupName, 0),
        ("(?P<a>b)(?P<a>c)", Kind::GroupName, 8),
        ("(?P<a", Kind::GroupName, 0),
        (r"\Z", Kind::Escape, 0),
        (r"\Qa\E", Kind::Escape, 0),
        (r"\C", Kind::Escape, 0),
        (r"\u0041", Kind::Escape, 0),
        (r"\<a\>", Kind::Escape, 0),
        (r"\b{start}", Kind::Escape, 0),
        (r"\x4", Kind::Escape, 0),
        (r"\x{110000}", Kind::Escape, 0),
        (r"a\", Kind::TrailingBackslash, 1),
        (r"[\b]", Kind::ClassEscape, 1),
        ("[z-a]", Kind::ClassRange, 1),
        (r"[a-\d]", Kind::ClassRange, 1),
        ("[a[b]]", Kind::ClassSet, 2),
        ("[a&&b]", Kind::ClassSet, 2),
        ("[a--b]", Kind::ClassSet, 1),
        ("[[:foo:]]", Kind::ClassName, 1),
        (r"\p{Letter}", Kind::Property, 0),
        (r"\p{Grek}", Kind::Property, 0),
        (r"\p{sc=Greek}", Kind::Property, 0),
        (r"\pQ", Kind::Property, 0),
    ] {
        let fault = check(text).expect_err(text);
        assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
    }
    assert_eq!(check(&"(".repeat(300)).map_err(|fault| fault.kind), Err(Kind::TooDeep));
}
