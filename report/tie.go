package report

type tie struct{}
