//! The program: the command line in, an exit code out. Everything else is [`gradus::cli`].

fn main() -> std::process::ExitCode {
    gradus::cli::run(std::env::args_os())
}
