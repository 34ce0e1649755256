//! The names of the functions a node may call: a closed set.
//!
//! This file knows how a function is spelled and how many arguments it takes, never what it means: values live in
//! [`crate::functions`], partial derivatives in `grammar/functions.rules`.

macro_rules! functions {
    ($($variant:ident $name:literal $arity:literal),* $(,)?) => {
        /// A function of one or two arguments that the graph can call.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Function { $(
            #[doc = concat!("`", $name, "`")]
            $variant
        ),* }

        impl Function {
            /// Every function, in the order of declaration (which is the order of printing among equals).
            pub const ALL: &'static [Function] = &[$(Function::$variant),*];

            /// The name under which the language prints the function.
            pub const fn name(self) -> &'static str {
                match self { $(Function::$variant => $name),* }
            }

            /// How many arguments the function takes: 1 or 2.
            pub const fn arity(self) -> usize {
                match self { $(Function::$variant => $arity),* }
            }
        }
    };
}

functions! {
    Exp "exp" 1, Expm1 "expm1" 1, Log "log" 1, Log1p "log1p" 1, Log2 "log2" 1, Log10 "log10" 1,
    Sin "sin" 1, Cos "cos" 1, Tan "tan" 1, Cot "cot" 1, Sec "sec" 1, Csc "csc" 1,
    Asin "asin" 1, Acos "acos" 1, Atan "atan" 1, Acot "acot" 1, Asec "asec" 1, Acsc "acsc" 1,
    Sinh "sinh" 1, Cosh "cosh" 1, Tanh "tanh" 1, Coth "coth" 1, Sech "sech" 1, Csch "csch" 1,
    Asinh "asinh" 1, Acosh "acosh" 1, Atanh "atanh" 1, Acoth "acoth" 1, Asech "asech" 1, Acsch "acsch" 1,
    Cbrt "cbrt" 1, Atan2 "atan2" 2, Hypot "hypot" 2,
    Abs "abs" 1, Sign "sign" 1, Floor "floor" 1, Ceil "ceil" 1, Round "round" 1,
    Min "min" 2, Max "max" 2, Mod "mod" 2,
    Sigmoid "sigmoid" 1, Softplus "softplus" 1, Relu "relu" 1, Step "step" 1,
    Erf "erf" 1, Erfc "erfc" 1, NormalPdf "normpdf" 1, NormalCdf "normcdf" 1,
    Gamma "gamma" 1, Lgamma "lgamma" 1, Digamma "digamma" 1, Polygamma "polygamma" 2, Xlogy "xlogy" 2,
    Less "lt" 2, LessEqual "le" 2, Greater "gt" 2, GreaterEqual "ge" 2, Equal "eq" 2, NotEqual "ne" 2,
    And "and" 2, Or "or" 2, Not "not" 1,
}

impl std::fmt::Display for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
