package factstest

import (
	"fmt"
	"math"
	"reflect"
)

// Diff returns where a and b first differ, "" if they do not: as
// reflect.DeepEqual, but NaN equals NaN, -0 is not 0, and an empty slice or map
// equals a nil one. Functions are equal if both are nil or neither is.
func Diff(a, b any) string { return diff(reflect.ValueOf(a), reflect.ValueOf(b), "") }

func diff(a, b reflect.Value, path string) string {
	if a.IsValid() != b.IsValid() || a.IsValid() && a.Type() != b.Type() {
		return fmt.Sprintf("%s: %v against %v", path, a, b)
	}
	if !a.IsValid() {
		return ""
	}
	switch a.Kind() {
	case reflect.Float32, reflect.Float64:
		x, y := a.Float(), b.Float()
		if math.Float64bits(x) != math.Float64bits(y) && !(math.IsNaN(x) && math.IsNaN(y)) {
			return fmt.Sprintf("%s: %v against %v", path, x, y)
		}
	case reflect.Pointer, reflect.Interface:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() != b.IsNil() {
				return fmt.Sprintf("%s: %v against %v", path, a, b)
			}
			return ""
		}
		return diff(a.Elem(), b.Elem(), path)
	case reflect.Struct:
		for i := range a.NumField() {
			if d := diff(a.Field(i), b.Field(i), path+"."+a.Type().Field(i).Name); d != "" {
				return d
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range min(a.Len(), b.Len()) {
			if d := diff(a.Index(i), b.Index(i), fmt.Sprintf("%s[%d]", path, i)); d != "" {
				return d
			}
		}
		if a.Len() != b.Len() {
			return fmt.Sprintf("%s: %d elements against %d: %+v against %+v", path, a.Len(), b.Len(), a, b)
		}
	case reflect.Map:
		if a.Len() != b.Len() {
			return fmt.Sprintf("%s: %d keys against %d", path, a.Len(), b.Len())
		}
		for _, k := range a.MapKeys() {
			other := b.MapIndex(k)
			if !other.IsValid() {
				return fmt.Sprintf("%s: only one has %v", path, k)
			}
			if d := diff(a.MapIndex(k), other, fmt.Sprintf("%s[%v]", path, k)); d != "" {
				return d
			}
		}
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		if a.IsZero() != b.IsZero() {
			return fmt.Sprintf("%s: one is nil", path)
		}
	default:
		if !a.Equal(b) {
			return fmt.Sprintf("%s: %#v against %#v", path, a, b)
		}
	}
	return ""
}
