package charset

import "testing"

func TestNamed(t *testing.T) {
	for name, text := range map[string]string{
		"utf-8": "Ж", "utf-16le": "\x16\x04", "utf-16be": "\x04\x16",
		"windows-1251": "\xc6", "koi8-r": "\xf6", "ibm866": "\x86", "windows-1252": "\xc6",
	} {
		set, ok := Named(name)
		want := "Ж"
		if name == "windows-1252" {
			want = "Æ"
		}
		if got := string(set.Decode([]byte(text))); !ok || set.Name != name || got != want {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	if _, ok := Named("utf-7"); ok || Known("") {
		t.Error("an encoding that there is not")
	}
	if !Marked([]byte("\xff\xfeЖ")) || Marked([]byte("date")) {
		t.Error("byte order marks")
	}
}
