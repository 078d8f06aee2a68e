#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| difylint_fuzz::feed("messages", data));
