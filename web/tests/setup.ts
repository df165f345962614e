import { speak } from "../src/language/language";

await speak("en-GB");
