package orders

type Detection struct{}
