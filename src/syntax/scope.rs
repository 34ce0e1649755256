//! The names of a text while it is read: their numbers, and what the user has defined so far.

use std::borrow::Cow;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::error::{SyntaxError, SyntaxErrorKind, shown};
use super::names::{FunctionNames, is_reserved, spelling, superscript_letter};
use super::tree::{NameId, Parameter, Span};

/// Room for the names of a formula of everyday size.
const USUAL_NAMES: usize = 14;

pub(super) struct Scope<'t> {
    names: &'t dyn FunctionNames,
    /// By the one spelling of a name.
    spelled: FxHashMap<Cow<'t, str>, NameId>,
    spellings: Vec<String>,
    functions: FxHashSet<NameId>,
    values: FxHashSet<NameId>,
    /// Those of the definition at hand.
    parameters: FxHashSet<NameId>,
}

impl<'t> Scope<'t> {
    pub fn new(names: &'t dyn FunctionNames) -> Scope<'t> {
        Scope {
            names,
            spelled: FxHashMap::with_capacity_and_hasher(USUAL_NAMES, FxBuildHasher),
            spellings: Vec::with_capacity(USUAL_NAMES),
            functions: FxHashSet::default(),
            values: FxHashSet::default(),
            parameters: FxHashSet::default(),
        }
    }

    pub fn into_names(self) -> Vec<String> {
        self.spellings
    }

    pub fn intern(&mut self, written: &'t str) -> NameId {
        self.spell(spelling(written))
    }

    pub fn is_superscript_letter(&self, c: char) -> bool {
        superscript_letter(c) != c
    }

    pub fn intern_superscript(&mut self, c: char) -> NameId {
        self.spell(superscript_letter(c).to_string().into())
    }

    fn spell(&mut self, spelling: Cow<'t, str>) -> NameId {
        if let Some(&id) = self.spelled.get(&spelling) {
            return id;
        }
        let id = NameId(self.spellings.len() as u32);
        self.spellings.push(spelling.to_string());
        self.spelled.insert(spelling, id);
        id
    }

    /// Whether a name stands for a function here: the user's own meaning goes first.
    pub fn is_function(&self, written: &str) -> bool {
        let spelling = spelling(written);
        match self.spelled.get(&spelling) {
            Some(id) if self.parameters.contains(id) || self.values.contains(id) => false,
            Some(id) if self.functions.contains(id) => true,
            _ => self.names.is_function(&spelling),
        }
    }

    /// Whether the name at a span may be defined.
    pub fn check_definition(&mut self, text: &'t str, span: Span) -> Result<(), SyntaxError> {
        let id = self.free_name(text, span)?;
        if self.functions.contains(&id) || self.values.contains(&id) {
            let message = format!(
                "`{}` is defined twice",
                shown(&self.spellings[id.0 as usize])
            );
            return Err(
                SyntaxError::new(SyntaxErrorKind::DuplicateName, span, message)
                    .with_hint("give the second one another name"),
            );
        }
        Ok(())
    }

    pub fn add_parameter(
        &mut self,
        text: &'t str,
        span: Span,
        parameters: &mut Vec<Parameter>,
    ) -> Result<(), SyntaxError> {
        let name = self.free_name(text, span)?;
        if !self.parameters.insert(name) {
            let message = format!("two parameters are called `{}`", shown(span.text(text)));
            return Err(SyntaxError::new(
                SyntaxErrorKind::DuplicateName,
                span,
                message,
            ));
        }
        parameters.push(Parameter { name, span });
        Ok(())
    }

    /// The definition is complete; what follows may use it.
    pub fn define(&mut self, written: &'t str, is_function: bool) -> NameId {
        let id = self.intern(written);
        let defined = if is_function {
            &mut self.functions
        } else {
            &mut self.values
        };
        defined.insert(id);
        self.parameters.clear();
        id
    }

    fn free_name(&mut self, text: &'t str, span: Span) -> Result<NameId, SyntaxError> {
        let id = self.intern(span.text(text));
        let name = &self.spellings[id.0 as usize];
        if is_reserved(name) {
            let message = format!("`{name}` has a fixed meaning");
            return Err(
                SyntaxError::new(SyntaxErrorKind::ReservedName, span, message)
                    .with_hint(format!("take another name, such as `{name}_1`")),
            );
        }
        Ok(id)
    }
}
