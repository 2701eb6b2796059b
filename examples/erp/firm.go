package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/repeatsales/repeatsales/internal/company"
)

// open opens the database that is given; with none, one in memory that holds
// the invented firm.
func open(ctx context.Context, given []string) (*sql.DB, error) {
	switch len(given) {
	case 0:
		db, err := sql.Open("sqlite", ":memory:")
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(1) // another connection would see another memory
		if err := fill(ctx, db); err != nil {
			db.Close()
			return nil, err
		}
		return db, nil
	case 1:
		if _, err := os.Stat(given[0]); err != nil {
			return nil, err // SQLite would make an empty one
		}
		return sql.Open("sqlite", given[0])
	}
	return nil, errors.New("erp: one database at a time")
}

// schema is what the tables of an ERP come to: documents and their lines, with
// customers and products beside them.
const schema = `
CREATE TABLE customers (code TEXT PRIMARY KEY, name TEXT);
CREATE TABLE products (code TEXT PRIMARY KEY, name TEXT, family TEXT);
CREATE TABLE documents (id INTEGER PRIMARY KEY, number TEXT, day DATE, customer TEXT, base TEXT, salesperson TEXT, channel TEXT, cancelled BOOLEAN);
CREATE TABLE document_lines (document INTEGER REFERENCES documents, position INTEGER, product TEXT,
	quantity DECIMAL(15,3), amount DECIMAL(15,2), cost DECIMAL(15,2), PRIMARY KEY (document, position));`

// fill makes the tables and books what the firm sold.
func fill(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // nothing, once it is committed
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	insert := func(into string, values ...any) {
		if err == nil {
			_, err = tx.ExecContext(ctx, "INSERT OR IGNORE INTO "+into, values...)
		}
	}
	type document struct{ number, customer, day string }
	var current document
	id, position := 0, 0
	for l := range company.Generate(1).Lines() {
		if d := (document{l.Order, l.Customer, l.Date.String()}); d != current {
			current, position = d, 0
			id++
			insert("documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", id, d.number, d.day, d.customer, l.Base, l.Salesperson, l.Channel, l.Cancelled)
			insert("customers VALUES (?, ?)", d.customer, l.CustomerName)
		}
		position++
		insert("products VALUES (?, ?, ?)", l.Product, l.ProductName, l.Group)
		insert("document_lines VALUES (?, ?, ?, ?, ?, ?)", id, position, l.Product, l.Quantity, l.Revenue, l.COGS)
	}
	if err != nil {
		return fmt.Errorf("erp: %w", err)
	}
	return tx.Commit()
}
