//! What the columns of a Parquet file hold, and how that becomes a double.

use parquet::basic::{ConvertedType, LogicalType, Type};
use parquet::schema::types::ColumnDescriptor;

/// What cannot even be kept as text.
pub(super) const LISTS: &str = "lists";

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Number(Form),
    /// Something else, in words.
    Other(&'static str),
}

/// How a number is stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    Plain,
    Unsigned,
    /// A whole number, divided by a power of ten.
    Decimal(i32),
    /// A float of 16 bits.
    Half,
}

impl Kind {
    /// By the types that the file declares.
    pub(super) fn of(column: &ColumnDescriptor) -> Kind {
        if column.max_rep_level() > 0 {
            return Kind::Other(LISTS);
        }
        let decimal = Kind::Number(Form::Decimal(column.type_scale()));
        let logical = column.logical_type_ref();
        match (logical, column.converted_type()) {
            (Some(LogicalType::Decimal(decimal)), _) => {
                return Kind::Number(Form::Decimal(decimal.scale));
            }
            (_, ConvertedType::DECIMAL) => return decimal,
            (Some(LogicalType::Float16), _) => return Kind::Number(Form::Half),
            (Some(LogicalType::Date), _) | (_, ConvertedType::DATE) => return Kind::Other("dates"),
            (Some(LogicalType::Time(_) | LogicalType::Timestamp(_)), _)
            | (
                _,
                ConvertedType::TIME_MILLIS
                | ConvertedType::TIME_MICROS
                | ConvertedType::TIMESTAMP_MILLIS
                | ConvertedType::TIMESTAMP_MICROS
                | ConvertedType::INTERVAL,
            ) => return Kind::Other("times"),
            (Some(LogicalType::Integer(int)), _) if !int.is_signed => {
                return Kind::Number(Form::Unsigned);
            }
            (
                _,
                ConvertedType::UINT_8
                | ConvertedType::UINT_16
                | ConvertedType::UINT_32
                | ConvertedType::UINT_64,
            ) => return Kind::Number(Form::Unsigned),
            (Some(LogicalType::String | LogicalType::Json | LogicalType::Enum), _)
            | (_, ConvertedType::UTF8 | ConvertedType::JSON | ConvertedType::ENUM) => {
                return Kind::Other("text");
            }
            _ => {}
        }
        match column.physical_type() {
            Type::BOOLEAN | Type::INT32 | Type::INT64 | Type::FLOAT | Type::DOUBLE => {
                Kind::Number(Form::Plain)
            }
            Type::INT96 => Kind::Other("times"),
            Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => Kind::Other("bytes"),
        }
    }
}

impl Form {
    pub(super) fn of_i32(self, x: i32) -> f64 {
        match self {
            Form::Unsigned => f64::from(x as u32),
            Form::Decimal(scale) => decimal(i128::from(x), scale),
            Form::Plain | Form::Half => f64::from(x),
        }
    }

    pub(super) fn of_i64(self, x: i64) -> f64 {
        match self {
            Form::Unsigned => x as u64 as f64,
            Form::Decimal(scale) => decimal(i128::from(x), scale),
            Form::Plain | Form::Half => x as f64,
        }
    }

    /// Of a decimal in bytes, the most significant first, or of a half float.
    pub(super) fn of_bytes(self, bytes: &[u8]) -> f64 {
        match (self, bytes) {
            (Form::Half, &[low, high]) => half(u16::from_le_bytes([low, high])),
            (Form::Decimal(scale), [first, ..]) if bytes.len() <= 16 => {
                let sign = if first & 0x80 == 0 { 0 } else { -1i128 };
                let whole = bytes.iter().fold(sign, |n, &b| n << 8 | i128::from(b));
                decimal(whole, scale)
            }
            _ => f64::NAN,
        }
    }
}

/// Rounded once.
fn decimal(whole: i128, scale: i32) -> f64 {
    const EXACT: i128 = 1 << 53;
    match scale {
        // Both numbers are exact.
        0..=22 if whole.abs() <= EXACT => whole as f64 / 10f64.powi(scale),
        _ => format!("{whole}e{}", -i64::from(scale))
            .parse()
            .unwrap_or(f64::NAN),
    }
}

/// 1 bit of sign, 5 of the exponent, 10 of the fraction (IEEE 754).
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    sign * match (exponent, fraction) {
        (31, 0.0) => f64::INFINITY,
        (31, _) => f64::NAN,
        (0, _) => fraction * 2f64.powi(-24),
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    }
}

/// Bytes as text: what is no UTF-8 in hexadecimal digits.
pub(super) fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|b| format!("{b:02x}")).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_and_half_floats_round_once() {
        assert_eq!(Form::Decimal(2).of_i32(-325), -3.25);
        assert_eq!(Form::Decimal(3).of_bytes(&[0xff, 0xfe]), -0.002);
        assert_eq!(Form::Decimal(1).of_bytes(&[0x01, 0x00]), 25.6);
        assert_eq!(Form::Decimal(30).of_i64(i64::MAX), 9.223372036854776e-12);
        assert_eq!(Form::Decimal(-2).of_i32(3), 300.0);
        assert_eq!(Form::Unsigned.of_i32(-1), 4294967295.0);
        assert_eq!(Form::Unsigned.of_i64(-1), 18446744073709551615.0);
        for (bits, value) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 5.960464477539063e-8),
            (0x0400, 6.103515625e-5),
            (0xfc00, f64::NEG_INFINITY),
        ] {
            assert_eq!(half(bits), value, "{bits:x}");
        }
        assert!(half(0x7e00).is_nan());
    }
}
