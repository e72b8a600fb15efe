//! The modules of a crate, and what each file of them names: just enough of Rust's paths to follow a name to the file that defines it.

use super::tree::Source;
use std::collections::{BTreeMap, BTreeSet};

/// A module's place below its crate: `["ports", "memory"]`.
pub(super) type Place = Vec<String>;

/// One mention of something that another file of the crate defines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mention {
    /// The module that names it.
    pub(super) from: Place,
    /// The module that defines it.
    pub(super) to: Place,
    /// Where it is named, as `path:line`.
    pub(super) at: String,
}

/// A word or a sign, with where it begins.
#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    text: &'a str,
    at: usize,
}

fn tokens(code: &str) -> Vec<Token<'_>> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = code[at..].chars().next() {
        let rest = &code[at..];
        let length = if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            found.push(Token { text: &rest[..length], at });
        }
        at += length;
    }
    found
}

/// What one line of a `use` brings: the whole path, and the name it has here; `*` for everything in it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Import {
    path: Vec<String>,
    name: String,
}

/// The imports of a `use` tree that begins at `at`, and where it ends.
fn imports(tokens: &[Token<'_>], mut at: usize, above: &[String], found: &mut Vec<Import>) -> usize {
    let mut path = above.to_vec();
    while let Some(token) = tokens.get(at) {
        match token.text {
            "::" => {}
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.text != "}") {
                    at = imports(tokens, at, &path, found);
                    at += usize::from(tokens.get(at).is_some_and(|token| token.text == ","));
                }
                return at + 1;
            }
            "as" => {
                let name = tokens.get(at + 1).map_or("_", |token| token.text).to_owned();
                found.push(Import { path, name });
                return at + 2;
            }
            "," | ";" | "}" => break,
            word => path.push(word.to_owned()),
        }
        at += 1;
    }
    // `a::{self}` brings `a`.
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let name = path.last().cloned().unwrap_or_default();
    found.push(Import { path, name });
    at
}

/// What one file says, in one of its modules: the file's own, or one that stands in it with its body.
#[derive(Debug, Default)]
struct Module {
    imports: Vec<Import>,
    defines: BTreeSet<String>,
    macros: BTreeSet<String>,
    /// The modules that it declares.
    children: BTreeSet<String>,
    /// Paths that are written out, with where.
    paths: Vec<(Vec<String>, usize)>,
    /// The file it stands in.
    file: Place,
}

/// Words that a definition begins with.
const DEFINES: [&str; 8] = ["fn", "struct", "enum", "union", "trait", "type", "const", "static"];

/// Reads the modules of one file, the outer one first.
fn read(code: &str, place: &Place) -> BTreeMap<Place, Module> {
    let tokens = tokens(code);
    let text = |at: usize| tokens.get(at).map_or("", |token: &Token<'_>| token.text);
    let mut modules: BTreeMap<Place, Module> = BTreeMap::new();
    modules.entry(place.clone()).or_default().file.clone_from(place);
    // The inner modules that are open, each with the depth of braces that it stands at.
    let (mut here, mut open, mut depth) = (place.clone(), Vec::new(), 0_usize);
    let mut at = 0;
    while at < tokens.len() {
        let module = modules.entry(here.clone()).or_default();
        module.file.clone_from(place);
        match text(at) {
            "mod" if text(at + 2) == ";" => {
                module.children.insert(text(at + 1).to_owned());
            }
            "mod" if text(at + 2) == "{" => {
                module.children.insert(text(at + 1).to_owned());
                here.push(text(at + 1).to_owned());
                open.push(depth);
                at += 1;
            }
            "use" if text(at + 1) != "<" => {
                let mut found = Vec::new();
                let end = imports(&tokens, at + 1, &[], &mut found);
                module.paths.extend(found.iter().map(|import| (import.path.clone(), tokens[at].at)));
                module.imports.extend(found);
                at = end;
                continue;
            }
            "macro_rules" => {
                module.macros.insert(text(at + 2).to_owned());
            }
            word if DEFINES.contains(&word) => {
                module.defines.insert(text(at + 1).to_owned());
            }
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                if open.last() == Some(&depth) {
                    open.pop();
                    here.pop();
                }
            }
            _ => {
                let (mut path, end) = path(&tokens, at);
                if path.len() == 1 && text(end) == "!" && matches!(text(end + 1), "(" | "[" | "{") {
                    // A macro is found by its bare name wherever it stands.
                    path.insert(0, "crate".to_owned());
                }
                if path.len() > 1 {
                    module.paths.push((path, tokens[at].at));
                    at = end;
                    continue;
                }
            }
        }
        at += 1;
    }
    modules
}

/// The path that begins at a token, and where it ends.
fn path(tokens: &[Token<'_>], mut at: usize) -> (Vec<String>, usize) {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let is_name = |text: &str| text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let mut path = Vec::new();
    if at > 0 && matches!(text(at - 1), "::" | ".") {
        return (path, at + 1);
    }
    while is_name(text(at)) {
        path.push(text(at).to_owned());
        if text(at + 1) != "::" {
            return (path, at + 1);
        }
        at += 2;
    }
    (path, at)
}

/// A crate, by its modules.
#[derive(Debug)]
pub(super) struct Modules {
    modules: BTreeMap<Place, Module>,
    /// Its macros, each with the modules that define one of that name.
    macros: BTreeMap<String, Vec<Place>>,
}

/// Where the module of a file stands: `a/b.rs` and `a/b/mod.rs` are both `a::b`.
fn place_of(below_src: &str) -> Place {
    let stem = below_src.strip_suffix(".rs").unwrap_or(below_src);
    let mut parts: Place = stem.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

/// What a path leads to.
#[derive(Debug)]
enum Found {
    Module(Place),
    /// An item of this module.
    In(Place),
    /// What another crate has.
    Outside,
}

/// Names that lead to names are followed so far, and no further.
const FOLLOWED: usize = 16;

impl Modules {
    /// The modules of the crate whose sources stand below `folder`, such as `b2-client/src/`, and what they mention. What only tests compile
    /// is left out.
    pub(super) fn mentions(sources: &[Source], folder: &str) -> BTreeSet<Mention> {
        let (mut modules, mut files) = (BTreeMap::new(), BTreeMap::new());
        for source in sources {
            let Some(below) = source.path.strip_prefix(folder) else { continue };
            let (place, code) = (place_of(below), source.shipped_code());
            modules.extend(read(&code, &place));
            files.insert(place, (&source.path, code));
        }
        let mut macros: BTreeMap<String, Vec<Place>> = BTreeMap::new();
        for (place, module) in &modules {
            module.macros.iter().for_each(|name| macros.entry(name.clone()).or_default().push(place.clone()));
        }
        let all = Self { modules, macros };
        let shipped = |place: &Place| (1..=place.len()).all(|parts| all.is_declared(&place[..parts]));
        let mut mentions = BTreeSet::new();
        for (place, module) in all.modules.iter().filter(|(place, _)| shipped(place)) {
            let (path, code) = &files[&module.file];
            for (names, at) in &module.paths {
                let (Found::Module(to) | Found::In(to)) = all.find(place, names, 0) else { continue };
                let Some(Module { file: to, .. }) = all.modules.get(&to) else { continue };
                if *to != module.file {
                    let at = format!("{path}:{}", code[..*at].matches('\n').count() + 1);
                    mentions.insert(Mention { from: module.file.clone(), to: to.clone(), at });
                }
            }
        }
        mentions
    }

    /// Whether a module is declared in shipped code; what is declared for tests alone is not.
    fn is_declared(&self, place: &[String]) -> bool {
        place.split_last().is_none_or(|(name, above)| {
            self.modules.get(above).is_some_and(|module| module.children.contains(name))
        })
    }

    /// Where a path leads that is written in `place`.
    fn find(&self, place: &Place, path: &[String], followed: usize) -> Found {
        let above =
            |at: &Place| at.split_last().map_or(Found::Outside, |(_, above)| Found::Module(above.to_vec()));
        let Some((first, rest)) = path.split_first() else { return Found::Outside };
        let start = match first.as_str() {
            "crate" => Found::Module(Place::new()),
            "self" => Found::Module(place.clone()),
            "super" => above(place),
            name => self.named(place, name, followed).unwrap_or(Found::Outside),
        };
        rest.iter().fold(start, |found, name| match (found, name.as_str()) {
            // Everything in it: its own file stands for that.
            (Found::Module(at), "self" | "*") => Found::Module(at),
            (Found::Module(at), "super") => above(&at),
            // What a macro has written there is not seen, and is there all the same.
            (Found::Module(at), name) => self.named(&at, name, followed).unwrap_or(Found::In(at)),
            (item, _) => item,
        })
    }

    /// What a name means in a module, as far as its text tells: a module in it, an item, or what it has imported under that name.
    fn named(&self, place: &Place, name: &str, followed: usize) -> Option<Found> {
        let module = self.modules.get(place)?;
        if module.children.contains(name) {
            return Some(Found::Module([&place[..], &[name.to_owned()]].concat()));
        }
        if module.defines.contains(name) {
            return Some(Found::In(place.clone()));
        }
        let follow = |import: &Import| {
            // `use url;` leads to another crate, and not to itself.
            let is_itself = import.path.len() == 1 && import.path[0] == name;
            let ends = is_itself || followed == FOLLOWED;
            if ends { Found::Outside } else { self.find(place, &import.path, followed + 1) }
        };
        if let Some(import) = module.imports.iter().find(|import| import.name == name) {
            return Some(follow(import));
        }
        let everything = module.imports.iter().filter(|import| import.name == "*").map(follow);
        let mut of_all = everything.filter_map(|all| match all {
            Found::Module(at) if at != *place => self.named(&at, name, followed + 1),
            _ => None,
        });
        let of_macros = match self.macros.get(name).map(Vec::as_slice) {
            Some([only]) if place.is_empty() => Some(Found::In(only.clone())),
            _ => None,
        };
        of_all.next().or(of_macros)
    }
}
