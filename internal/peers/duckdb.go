package main

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"runtime"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2"
)

//go:embed j.sql
var sqlJ string

//go:embed k.sql
var sqlK string

// duckJ runs job J on the file at path in DuckDB.
func duckJ(ctx context.Context, path string) (answers, error) { return duckRun(ctx, sqlJ, path) }

// duckK runs query K on the file at path in DuckDB.
func duckK(ctx context.Context, path string) (answers, error) { return duckRun(ctx, sqlK, path) }

// duckRun returns the rows of all statements of script.
func duckRun(ctx context.Context, script, path string) (a answers, err error) {
	db, conn, err := duckOpen(ctx)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	defer conn.Close()
	script = strings.ReplaceAll(script, "$FILE", strings.ReplaceAll(path, "'", "''"))
	for statement := range strings.SplitSeq(script, "\n---\n") {
		if a, err = duckQuery(ctx, conn, statement, a); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// duckOpen opens a database in memory. Temporary tables belong to a connection,
// so there is only one.
func duckOpen(ctx context.Context) (*sql.DB, *sql.Conn, error) {
	db, err := sql.Open("duckdb", fmt.Sprintf("?threads=%d&preserve_insertion_order=false", runtime.NumCPU()))
	if err != nil {
		return nil, nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		db.Close()
		return nil, nil, err
	}
	return db, conn, nil
}

// duckQuery appends the rows of a statement, whose first column names their
// table; one that creates a table is answered with a count, which is none.
func duckQuery(ctx context.Context, conn *sql.Conn, statement string, a answers) (answers, error) {
	rows, err := conn.QueryContext(ctx, statement)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	if len(columns) == 1 {
		return a, rows.Err()
	}
	for rows.Next() {
		row := make([]string, len(columns))
		cells := make([]any, len(columns))
		for i := range row {
			cells[i] = &row[i]
		}
		if err := rows.Scan(cells...); err != nil {
			return nil, err
		}
		a = append(a, row)
	}
	return a, rows.Err()
}

// duckVersion returns DuckDB's own version.
func duckVersion(ctx context.Context) (version string, err error) {
	db, conn, err := duckOpen(ctx)
	if err != nil {
		return "", err
	}
	defer db.Close()
	defer conn.Close()
	err = conn.QueryRowContext(ctx, "SELECT version()").Scan(&version)
	return version, err
}
