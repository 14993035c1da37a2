package io.backstay.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How a result is written to standard output.
enum OutputFormat {
    TEXT,
    JSON;

    static final class Converter implements ITypeConverter<OutputFormat> {
        @Override
        public OutputFormat convert(String value) {
            return switch (value) {
                case "text" -> TEXT;
                case "json" -> JSON;
                default ->
                        throw new TypeConversionException(
                                "expected text or json, found '" + value + "'");
            };
        }
    }
}
