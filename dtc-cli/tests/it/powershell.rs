//! The PowerShell module, as far as it can be looked at without PowerShell: it is read token by token, and held against the program and the
//! published schemas.

mod tokens;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use self::tokens::{Kind, Token, enclosed, tokens};
use crate::program::{Said, dtc};
use crate::schema;

/// What begins a function's name, of the verbs that PowerShell approves.
const APPROVED: [&str; 15] = [
    "Get",
    "New",
    "Invoke",
    "Test",
    "ConvertFrom",
    "ConvertTo",
    "Start",
    "Stop",
    "Save",
    "Restore",
    "Search",
    "Set",
    "Remove",
    "Update",
    "Unlock",
];
/// Commands that PowerShell itself has.
const BUILT_IN: [&str; 11] = [
    "Set-StrictMode",
    "Export-ModuleMember",
    "New-Object",
    "Get-Command",
    "Select-Object",
    "Where-Object",
    "ConvertFrom-Json",
    "Get-Location",
    "Add-Member",
    "Get-Item",
    "Remove-Item",
];
/// How many lines of code a function may have.
const PAGE: usize = 70;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../powershell")
}

fn read(path: &str) -> String {
    fs::read_to_string(folder().join(path)).unwrap()
}

/// A function of the module.
struct Function {
    name: String,
    body: Vec<Token>,
}

impl Function {
    /// The comment that is its help.
    fn help(&self) -> &str {
        let first = self.body.iter().find(|token| token.kind != Kind::End).unwrap();
        if first.kind == Kind::Comment { &first.text } else { "" }
    }

    /// Its parameters.
    fn parameters(&self) -> Vec<&str> {
        let Some(at) = self.body.iter().position(|token| token.is(Kind::Word, "param")) else {
            return vec![];
        };
        let mut depth = 0_i32;
        let mut found = Vec::new();
        for token in enclosed(&self.body, at + 1) {
            depth += i32::from(token.is_sign("([{")) - i32::from(token.is_sign(")]}"));
            if depth == 0 && token.kind == Kind::Variable {
                found.push(token.text.as_str());
            }
        }
        found
    }

    fn says(&self, kind: Kind, text: &str) -> bool {
        self.body.iter().any(|token| token.is(kind, text))
    }

    /// The texts that are options of the program.
    fn options(&self) -> BTreeSet<&str> {
        let texts = self.body.iter().filter(|token| token.kind == Kind::Text);
        texts
            .map(|token| token.text.as_str())
            .filter(|text| text.starts_with("--") && *text != "--")
            .collect()
    }

    /// The commands that its lists of arguments begin with, such as `crypt ls`.
    fn commands(&self, known: &BTreeSet<String>) -> BTreeSet<String> {
        let lists =
            self.body.windows(2).enumerate().filter(|(_, pair)| pair[0].is_sign("@") && pair[1].is_sign("("));
        let words = lists.map(|(at, _)| {
            let texts = enclosed(&self.body, at + 1).iter().filter(|token| !token.is_sign(","));
            texts
                .take_while(|token| token.kind == Kind::Text)
                .map(|token| token.text.as_str())
                .collect::<Vec<_>>()
        });
        let command = |words: Vec<&str>| {
            (1..=words.len())
                .rev()
                .map(|length| words[..length].join(" "))
                .find(|words| known.contains(words))
        };
        words.filter_map(command).collect()
    }

    /// The members that are read of a variable, whose name is written with any capitals.
    fn members(&self, variable: &str) -> BTreeSet<&str> {
        let reads = |parts: &&[Token]| {
            parts[0].kind == Kind::Variable
                && parts[0].text.eq_ignore_ascii_case(variable)
                && parts[1].is_sign(".")
                && parts[2].kind == Kind::Word
        };
        let read = self.body.windows(3).filter(reads).map(|parts| parts[2].text.as_str());
        read.filter(|member| *member != "PSObject").collect()
    }
}

/// The functions among these tokens.
fn functions(tokens: &[Token]) -> Vec<Function> {
    let begins = |(_, token): &(usize, &Token)| token.is(Kind::Word, "function");
    let functions = tokens.iter().enumerate().filter(begins);
    functions
        .map(|(at, _)| Function {
            name: tokens[at + 1].text.clone(),
            body: enclosed(tokens, at + 2).to_vec(),
        })
        .collect()
}

/// The module's tokens, and its functions.
fn module() -> (Vec<Token>, Vec<Function>) {
    let tokens = tokens(&read("Dtc/Dtc.psm1"));
    let functions = functions(&tokens);
    (tokens, functions)
}

/// The texts in the list behind this word.
fn listed(tokens: &[Token], word: &str) -> BTreeSet<String> {
    let at = tokens.iter().position(|token| token.is(Kind::Word, word)).unwrap();
    let open = at + tokens[at..].iter().position(|token| token.is_sign("(")).unwrap();
    let texts = enclosed(tokens, open).iter().filter(|token| token.kind == Kind::Text);
    texts.map(|token| token.text.clone()).collect()
}

fn exported() -> BTreeSet<String> {
    listed(&module().0, "Export-ModuleMember")
}

/// What the program's help says of a command.
fn help(command: &str) -> String {
    Said::by(dtc(Path::new(".")).args(command.split_whitespace()).arg("--help")).ended(0).out
}

/// Every command of the program that does something.
fn commands() -> BTreeSet<String> {
    let below = |command: &str| schema::commands(&help(command));
    let mut found = BTreeSet::new();
    for top in below("") {
        let inner = below(&top);
        if inner.is_empty() {
            found.insert(top);
        } else {
            found.extend(inner.iter().map(|inner| format!("{top} {inner}")));
        }
    }
    found
}

/// Whether a help names this option.
fn names_option(help: &str, option: &str) -> bool {
    let is_part = |c: char| !c.is_ascii_alphanumeric() && c != '-';
    help.split(is_part).any(|word| word == option)
}

#[test]
fn what_is_exported_is_what_is_listed_and_defined() {
    let (_, functions) = module();
    let manifest = tokens(&read("Dtc/Dtc.psd1"));
    let exported = exported();
    assert_eq!(listed(&manifest, "FunctionsToExport"), exported);
    let defined: BTreeSet<String> = functions.iter().map(|function| function.name.clone()).collect();
    assert_eq!(functions.len(), defined.len(), "a name is defined twice");
    assert!(exported.is_subset(&defined), "{:?}", exported.difference(&defined));
    let written: Vec<&String> =
        functions.iter().map(|function| &function.name).filter(|name| exported.contains(*name)).collect();
    assert_eq!(written.len(), exported.len(), "{written:?}");
    for list in ["AliasesToExport", "CmdletsToExport", "VariablesToExport"] {
        assert!(listed(&manifest, list).is_empty(), "{list}");
    }
    let version = format!("ModuleVersion        = '{}'", env!("CARGO_PKG_VERSION"));
    assert!(read("Dtc/Dtc.psd1").contains(&version), "{version}");
}

#[test]
fn every_name_has_an_approved_verb_and_every_command_its_full_name() {
    let (all, functions) = module();
    let own: Vec<&str> = functions.iter().map(|function| function.name.as_str()).collect();
    for name in &own {
        let (verb, noun) = name.split_once('-').unwrap();
        assert!(APPROVED.contains(&verb), "{name}");
        assert!(noun.starts_with("Dtc") || *name == "Get-TrueNASBucketName", "{name}");
    }
    let mut begins = true;
    for (number, token) in all.iter().enumerate() {
        let is_command = token.kind == Kind::Word && token.text.contains('-') && !token.text.starts_with('-');
        let defines = number > 0 && all[number - 1].is(Kind::Word, "function");
        if is_command && !defines {
            let known = own.contains(&token.text.as_str()) || BUILT_IN.contains(&token.text.as_str());
            assert!(known, "line {}: {}", token.line, token.text);
        }
        // What begins a statement or stands behind a pipe is a word of the language, or the full name of a command.
        if begins && token.kind == Kind::Word {
            let words = [
                "function", "param", "process", "if", "else", "try", "finally", "foreach", "switch", "throw",
                "return", "default",
            ];
            assert!(
                is_command || words.contains(&token.text.as_str()),
                "line {}: {}",
                token.line,
                token.text
            );
        }
        begins = token.is_sign("{;|") || token.kind == Kind::End;
    }
}

#[test]
fn every_function_is_documented_and_no_longer_than_a_page() {
    let exported = exported();
    for function in module().1 {
        let name = &function.name;
        assert!(
            function.says(Kind::Word, "CmdletBinding") && function.says(Kind::Word, "OutputType"),
            "{name}"
        );
        let help = function.help().to_owned();
        let code = function.body.iter().filter(|token| !matches!(token.kind, Kind::Comment | Kind::End));
        let lines: BTreeSet<usize> = code.map(|token| token.line).collect();
        assert!(lines.len() <= PAGE, "{name}: {}", lines.len());
        if !exported.contains(name) {
            continue;
        }
        for part in [".SYNOPSIS", ".DESCRIPTION", ".EXAMPLE", ".OUTPUTS"] {
            assert!(help.contains(part), "{name}: {part}");
        }
        let documented: Vec<&str> =
            help.lines().filter_map(|line| line.trim().strip_prefix(".PARAMETER ")).collect();
        let (mut parameters, mut sorted) = (function.parameters(), documented);
        parameters.sort_unstable();
        sorted.sort_unstable();
        assert_eq!(parameters, sorted, "{name}");
        // A secret is never an argument: what is given is where it stands.
        assert!(
            !parameters.iter().any(|parameter| ["Password", "Salt", "Secret", "Key"].contains(parameter)),
            "{name}"
        );
        // Whoever changes something takes -WhatIf, and asks before it.
        let changes = ["New-", "Start-", "Stop-", "Save-", "Restore-", "Update-", "Unlock-"]
            .iter()
            .any(|verb| name.starts_with(verb));
        let asks = function.says(Kind::Word, "ShouldProcess");
        assert_eq!(asks, function.says(Kind::Word, "SupportsShouldProcess"), "{name}");
        assert_eq!(asks, changes || name.ends_with("Apply") || name == "Invoke-DtcCopy", "{name}");
    }
}

#[test]
fn every_argument_is_one_that_the_program_takes() {
    let (known, exported) = (commands(), exported());
    let (_, functions) = module();
    let remote = functions.iter().find(|function| function.name == "Get-DtcRemoteArgument").unwrap();
    assert_eq!(remote.options().len(), 7);
    let backup = functions.iter().find(|function| function.name == "Get-DtcBackupArgument").unwrap();
    assert_eq!(backup.options().len(), 8);
    let backup_parameters =
        ["Site", "Device", "Record", "KeySource", "PasswordSource", "SaltSource", "B2Url", "Timeout"];
    let mut reached = BTreeSet::new();
    for function in functions.iter().filter(|function| exported.contains(&function.name)) {
        let commands = function.commands(&known);
        let name = &function.name;
        assert!(!commands.is_empty() || name == "Stop-DtcSimulator", "{name}");
        let mut options = function.options();
        if function.says(Kind::Word, "Get-DtcRemoteArgument") {
            options.extend(remote.options());
            for parameter in [
                "PasswordSource",
                "SaltSource",
                "NameEncryption",
                "NameEncoding",
                "Suffix",
                "PlainDirectory",
                "Timeout",
            ] {
                assert!(function.parameters().contains(&parameter), "{name}: {parameter}");
            }
        }
        if function.says(Kind::Word, "Get-DtcBackupArgument") {
            options.extend(backup.options());
            for parameter in backup_parameters {
                assert!(function.parameters().contains(&parameter), "{name}: {parameter}");
            }
        }
        for command in &commands {
            let help = help(command);
            for option in &options {
                assert!(names_option(&help, option), "{name}: dtc {command} takes no {option}");
            }
            for value in choices(function) {
                assert!(
                    names_option(&help, &value) || help.contains(&value),
                    "{name}: dtc {command} takes no {value}"
                );
            }
        }
        reached.extend(commands);
    }
    assert_eq!(reached, known, "a command has no function");
}

/// The values that parameters are limited to.
fn choices(function: &Function) -> Vec<String> {
    let sets = function.body.iter().enumerate().filter(|(_, token)| token.is(Kind::Word, "ValidateSet"));
    let texts = sets
        .flat_map(|(at, _)| enclosed(&function.body, at + 1).iter().filter(|token| token.kind == Kind::Text));
    // Of `dtc name` only the label has such values.
    let values = texts.map(|token| token.text.clone());
    values.filter(|_| function.name != "Get-DtcName").collect()
}

#[test]
fn the_records_of_a_label_are_those_of_the_program() {
    let (_, functions) = module();
    let function = functions.iter().find(|function| function.name == "Get-DtcName").unwrap();
    let help = help("name label");
    let values = listed(&function.body, "ValidateSet");
    assert_eq!(values.len(), 5);
    for value in values {
        assert!(names_option(&help, &value), "{value}");
    }
}

#[test]
fn every_member_that_is_read_is_in_the_published_schemas() {
    let known = commands();
    let has = |object: &Value, member: &str| object["properties"].get(member).is_some();
    let error = schema::named("error");
    let forms = |name: &str| {
        let schema = schema::named(name);
        schema["oneOf"].as_array().cloned().unwrap_or_else(|| vec![schema])
    };
    let mut read = 0;
    for function in module().1 {
        let schemas: BTreeSet<String> = function
            .commands(&known)
            .iter()
            .map(|command| schema::of_command(&command.split(' ').map(Into::into).collect::<Vec<_>>()))
            .collect();
        for member in function.members("document") {
            read += 1;
            let mut names = schemas.iter().map(String::as_str).chain(schemas.is_empty().then_some("error"));
            assert!(
                names.all(|name| forms(name).iter().any(|form| has(form, member))),
                "{}: {member}",
                function.name
            );
        }
        for member in function.members("problem") {
            read += 1;
            assert!(has(&error["$defs"]["Problem"], member), "{}: {member}", function.name);
        }
    }
    assert!(read >= 10, "{read}");
}

/// Windows PowerShell 5.1 reads a file without a mark in the code page of the machine, and knows no operator of later versions.
#[test]
fn both_powershells_read_the_same() {
    for file in ["Dtc/Dtc.psm1", "Dtc/Dtc.psd1", "tests/Dtc.Tests.ps1"] {
        let text = read(file);
        assert!(text.is_ascii() && !text.contains('\t'), "{file}");
        let tokens = tokens(&text);
        for pair in tokens.windows(2) {
            for later in ["??", "?.", "?[", "&&", "||"] {
                let (first, second) = later.split_at(1);
                let found = pair[0].is_sign(first) && pair[1].is_sign(second);
                assert!(!found, "{file}: line {}: {later}", pair[0].line);
            }
        }
    }
    assert!(read("Dtc/Dtc.psm1").contains("Set-StrictMode -Version Latest"));
    assert!(read("Dtc/Dtc.psm1").starts_with("#Requires -Version 5.1\n"));
    assert!(read("Dtc/Dtc.psd1").contains("PowerShellVersion    = '5.1'"));
}

/// Every function is described in the page, and every test names functions that there are.
#[test]
fn the_page_names_every_function() {
    let page = fs::read_to_string(folder().join("../docs/powershell.md")).unwrap();
    let tests = tokens(&read("tests/Dtc.Tests.ps1"));
    let (_, functions) = module();
    for name in exported() {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    let ours = |token: &&Token| token.kind == Kind::Word && token.text.contains("-Dtc");
    for token in tests.iter().filter(ours) {
        assert!(functions.iter().any(|function| function.name == token.text), "{}", token.text);
    }
}

#[test]
fn what_a_function_says_is_read() {
    let script = "function Get-It {\n<# .SYNOPSIS #>\nparam([Parameter(Mandatory)][string[]]$Some = @(), [switch]$Other)\n\
        $arguments = @('crypt', 'ls', '--sight', $Some); $Document.nothing }";
    let found = functions(&tokens(script));
    let [function] = &found[..] else { panic!("not one function") };
    assert_eq!((function.name.as_str(), function.help()), ("Get-It", " .SYNOPSIS "));
    assert_eq!(function.parameters(), ["Some", "Other"]);
    assert_eq!(function.commands(&commands()), BTreeSet::from(["crypt ls".to_owned()]));
    assert_eq!(function.options(), BTreeSet::from(["--sight"]));
    assert_eq!(function.members("document"), BTreeSet::from(["nothing"]));
    let help = help("crypt ls");
    assert!(
        names_option(&help, "--mapping") && !names_option(&help, "--sight") && !names_option(&help, "--map")
    );
}
