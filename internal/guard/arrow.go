package guard

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	flatbuffers "github.com/google/flatbuffers/go"
)

// The places of fields in the tables of Arrow's metadata, and the numbers of
// types in its unions.
// Source: the format's File.fbs, Message.fbs and Schema.fbs.
const (
	footerSchema       = 6
	footerDictionaries = 8
	footerRecords      = 10

	messageType       = 6
	messageHeader     = 8
	dictionaryMessage = 2
	dictionaryData    = 6
	recordBuffers     = 8
	recordVariadic    = 12

	schemaFields   = 6
	schemaMetadata = 8
	fieldName      = 4
	fieldTypeType  = 8
	fieldType      = 10
	fieldChildren  = 14
	fieldMetadata  = 16
	keyValueKey    = 4
	keyValueValue  = 6
	timestampType  = 10
	timestampZone  = 6
	unionType      = 14
	unionIDs       = 6

	blockSize = 24
)

// maxFields and maxNesting are how many fields, and fields in one another, a schema may have.
const (
	maxFields  = 1 << 16
	maxNesting = 64
)

// Footer checks of an Arrow file of so many bytes what the Arrow library takes
// on trust, with consequences that cannot be caught: that the lengths in its
// metadata are no longer than the metadata, that its schema is no ring, in
// which the library would go round until the stack is full, and that the blocks
// which its footer lists lie within the file and do not overlap.
func Footer(f io.ReaderAt, size int64) error {
	return Run(func() error { return footer(f, size) })
}

func footer(f io.ReaderAt, size int64) error {
	const tail = 10 // the footer's length and ARROW1
	if size < 24 {
		return io.ErrUnexpectedEOF
	}
	end := make([]byte, tail)
	if _, err := f.ReadAt(end, size-tail); err != nil {
		return err
	}
	length := int64(flatbuffers.GetUint32(end))
	if string(end[4:]) != "ARROW1" || length == 0 || length > size-tail-8 {
		return errors.New("it has no footer")
	}
	text := make([]byte, length)
	if _, err := f.ReadAt(text, size-tail-length); err != nil {
		return err
	}
	root := tree{left: length}
	root.Table = flatbuffers.Table{Bytes: text, Pos: flatbuffers.GetUOffsetT(text)}
	if schema, ok := root.table(footerSchema); ok {
		schema.schema()
	}
	return root.blocks(f, size)
}

// Schema checks an Arrow message that holds a schema; see [Footer].
func Schema(message []byte) error {
	return Run(func() error {
		if binary.LittleEndian.Uint32(message) == math.MaxUint32 { // a mark before the length
			message = message[4:]
		}
		message = message[4:]
		root := tree{left: int64(len(message))}
		root.Table = flatbuffers.Table{Bytes: message, Pos: flatbuffers.GetUOffsetT(message)}
		if schema, ok := root.table(messageHeader); ok {
			schema.schema()
		}
		return nil
	})
}

// tree is a table of metadata on the way down to others. It panics where the
// metadata cannot be.
type tree struct {
	flatbuffers.Table
	left   int64 // bytes of text that may still be copied: no more than there are
	fields int   // seen so far
}

// table returns the table to which a field points.
func (t *tree) table(field flatbuffers.VOffsetT) (tree, bool) {
	offset := flatbuffers.UOffsetT(t.Offset(field))
	if offset == 0 {
		return tree{}, false
	}
	return t.at(t.Indirect(t.Pos + offset)), true
}

func (t *tree) at(pos flatbuffers.UOffsetT) tree {
	return tree{Table: flatbuffers.Table{Bytes: t.Bytes, Pos: pos}, left: t.left}
}

// vector returns where the elements of a field's vector begin, and how many there are.
func (t *tree) vector(field flatbuffers.VOffsetT, size int) (start flatbuffers.UOffsetT, n int) {
	offset := flatbuffers.UOffsetT(t.Offset(field))
	if offset == 0 {
		return 0, 0
	}
	start, n = t.Vector(offset), t.VectorLen(offset)
	if int64(start)+int64(n)*int64(size) > int64(len(t.Bytes)) {
		panic("a list in its metadata is longer than that")
	}
	return start, n
}

// text counts the text that is copied from a field.
func (t *tree) text(field flatbuffers.VOffsetT) int64 {
	_, n := t.vector(field, 1)
	return int64(n)
}

// spend counts text that is copied: the same few bytes could be meant again and again.
func (t *tree) spend(n int64) {
	if t.left -= n; t.left < 0 {
		panic("the texts in its metadata overlap")
	}
}

// metadata checks the keys and values of a field.
func (t *tree) metadata(field flatbuffers.VOffsetT) {
	start, n := t.vector(field, 4)
	for i := range n {
		pair := t.at(t.Indirect(start + flatbuffers.UOffsetT(4*i)))
		t.spend(pair.text(keyValueKey) + pair.text(keyValueValue))
	}
}

// schema checks the schema that t is.
func (t *tree) schema() {
	t.metadata(schemaMetadata)
	t.list(schemaFields, 0)
}

// list checks the fields in a vector of them, and those within these.
func (t *tree) list(vector flatbuffers.VOffsetT, depth int) {
	start, n := t.vector(vector, 4)
	if n > 0 && depth == maxNesting {
		panic(fmt.Sprintf("it has more than %d fields in one another", maxNesting))
	}
	for i := range n {
		if t.fields++; t.fields > maxFields {
			panic(fmt.Sprintf("it has more than %d fields", maxFields))
		}
		f := t.at(t.Indirect(start + flatbuffers.UOffsetT(4*i)))
		f.fields = t.fields
		f.spend(f.text(fieldName))
		f.metadata(fieldMetadata)
		if of, ok := f.table(fieldType); ok {
			switch f.GetByteSlot(fieldTypeType, 0) {
			case timestampType:
				f.spend(of.text(timestampZone))
			case unionType:
				of.vector(unionIDs, 4)
			}
		}
		f.list(fieldChildren, depth+1)
		t.fields, t.left = f.fields, f.left
	}
}

// blocks checks the blocks that a footer lists.
func (t *tree) blocks(f io.ReaderAt, size int64) error {
	left := size
	for _, list := range []flatbuffers.VOffsetT{footerDictionaries, footerRecords} {
		start, n := t.vector(list, blockSize)
		for i := range n {
			block := start + flatbuffers.UOffsetT(blockSize*i)
			at, meta, body := t.GetInt64(block), int64(t.GetInt32(block+8)), t.GetInt64(block+16)
			if at < 0 || meta < 16 || body < 0 || at > size || body > size || at+meta+body > size {
				return errors.New("a block of it lies outside of the file")
			}
			if left -= meta + body; left < 0 { // or few bytes would be read again and again
				return errors.New("its blocks overlap")
			}
			text := make([]byte, meta)
			if _, err := f.ReadAt(text, at); err != nil {
				return err
			}
			batch(text)
		}
	}
	return nil
}

// batch checks the message of a record or of a dictionary: how many buffers its
// columns claim.
func batch(message []byte) {
	if binary.LittleEndian.Uint32(message) == math.MaxUint32 {
		message = message[4:]
	}
	message = message[4:]
	root := tree{Table: flatbuffers.Table{Bytes: message, Pos: flatbuffers.GetUOffsetT(message)}}
	record, ok := root.table(messageHeader)
	if ok && root.GetByteSlot(messageType, 0) == dictionaryMessage {
		record, ok = record.table(dictionaryData)
	}
	if !ok {
		return
	}
	_, buffers := record.vector(recordBuffers, 16)
	start, n := record.vector(recordVariadic, 8)
	for i := range n {
		if count := record.GetInt64(start + flatbuffers.UOffsetT(8*i)); count < 0 || count > int64(buffers) {
			panic("a column of it claims more buffers than there are")
		}
	}
}
