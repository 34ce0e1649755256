//! A page in Markdown, as far as the pages of the course use it.

/// A chapter.
pub struct Page {
    /// What stands there, in order.
    pub blocks: Vec<Block>,
    /// The exercises, in order.
    pub exercises: Vec<Exercise>,
}

/// A part of a page.
pub enum Block {
    /// To be shown as it is.
    Text(String),
    /// Command lines to be run.
    Commands(Vec<String>),
}

/// A question and its answer.
pub struct Exercise {
    /// The question, with its number.
    pub question: String,
    /// The answer, a formula or a list of formulas.
    pub answer: String,
}

impl Page {
    /// Takes a page apart. Answers to commands, pictures and comments are left out.
    pub fn read(text: &str) -> Page {
        let (mut blocks, mut exercises) = (Vec::new(), Vec::new());
        let (mut prose, mut commands): (String, Option<Vec<String>>) = (String::new(), None);
        let mut question = String::new();
        for line in text.lines() {
            match (&mut commands, line.trim()) {
                (None, "```console") => {
                    blocks.push(Block::Text(std::mem::take(&mut prose)));
                    commands = Some(Vec::new());
                }
                (Some(list), "```") => {
                    blocks.push(Block::Commands(std::mem::take(list)));
                    commands = None;
                }
                (Some(list), line) => {
                    if let Some(command) = line.strip_prefix("$ ") {
                        list.push(command.to_owned());
                    }
                }
                (None, comment) if comment.starts_with("<!--") => {
                    let answer = comment.strip_prefix("<!-- answer:");
                    if let Some(answer) = answer.and_then(|a| a.strip_suffix("-->")) {
                        exercises.push(Exercise {
                            question: std::mem::take(&mut question),
                            answer: answer.trim().to_owned(),
                        });
                    }
                }
                // A terminal shows no pictures; commands draw theirs.
                (None, picture) if picture.starts_with("![") => {}
                (None, words) => {
                    prose += &format!("{line}\n");
                    let is_new = words
                        .split_once(". ")
                        .is_some_and(|(n, _)| n.parse::<u32>().is_ok());
                    if is_new {
                        question = words.to_owned();
                    } else if !question.is_empty() {
                        question = format!("{question} {words}");
                    }
                }
            }
        }
        blocks.push(Block::Text(prose));
        Page { blocks, exercises }
    }
}

/// The words of a command line, with double and single quotes.
pub fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (' ', None) => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
