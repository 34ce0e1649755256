//! Colours that people with any kind of colour vision tell apart, also on paper.

/// Red, green and blue of the sRGB space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color(pub u8, pub u8, pub u8);

impl Color {
    /// Text and frames.
    pub const INK: Color = Color(0x26, 0x26, 0x26);
    /// Grids.
    pub const GRID: Color = Color(0xdd, 0xdd, 0xdd);
    /// Axes through zero, and where nothing is defined.
    pub const GRAY: Color = Color(0x8c, 0x8c, 0x8c);
    /// The ground.
    pub const WHITE: Color = Color(0xff, 0xff, 0xff);

    /// The colour of the series of this number: again from the start after the seventh.
    ///
    /// Source: M. Okabe, K. Ito, Color Universal Design (2008); the yellow is left out, which white swallows.
    pub fn of_series(number: usize) -> Color {
        const SERIES: [Color; 7] = [
            Color(0x00, 0x72, 0xb2),
            Color(0xd5, 0x5e, 0x00),
            Color(0x00, 0x9e, 0x73),
            Color(0xcc, 0x79, 0xa7),
            Color(0xe6, 0x9f, 0x00),
            Color(0x56, 0xb4, 0xe9),
            Color(0x33, 0x33, 0x33),
        ];
        SERIES[number % SERIES.len()]
    }

    /// From low (0, dark) to high (1, light), in one hue: lightness alone tells the order.
    pub fn of_height(part: f64) -> Color {
        const RAMP: [[f64; 3]; 5] = [
            [46.0, 74.0, 122.0],
            [79.0, 120.0, 173.0],
            [134.0, 172.0, 210.0],
            [190.0, 212.0, 231.0],
            [238.0, 243.0, 247.0],
        ];
        let at = part.clamp(0.0, 1.0) * (RAMP.len() - 1) as f64;
        let below = (at as usize).min(RAMP.len() - 2);
        let mix = |channel: usize| {
            let (a, b) = (RAMP[below][channel], RAMP[below + 1][channel]);
            (a + (b - a) * (at - below as f64)).round() as u8
        };
        Color(mix(0), mix(1), mix(2))
    }
}
