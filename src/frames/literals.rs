//! Literals that keep the type they have in Rust; `lit` of an integer takes whatever type the plan
//! finds for it, which is 32 bits where nothing says otherwise.

use polars::prelude::{Expr, LiteralValue, Scalar};

/// `value` as a literal of its own type.
pub fn typed<T>(value: T) -> Expr
where
    Scalar: From<T>,
{
    Expr::Literal(LiteralValue::Scalar(Scalar::from(value)))
}
