using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using Larkspur.Cli.Tables.Files;
using Larkspur.Client;

namespace Larkspur.Cli.Tables;

/// <summary>Writes records into a file, one by one.</summary>
internal abstract class RecordWriter : IDisposable
{
    public static RecordWriter Of(string kind, Stream target, IReadOnlyList<FieldView> fields, CellText text) => kind switch
    {
        "csv" => new Csv(target, fields, text),
        "xlsx" => new Xlsx(target, fields, text),
        "json" => new Json(target),
        _ => new Lines(target),
    };

    public abstract void Write(RecordView record);

    public abstract void Dispose();

    private static JsonElement Of(RecordView record, FieldView field) => record.Fields.TryGetProperty(field.Name, out var value) ? value
        : default;

    /// <summary>With a mark at the beginning: spreadsheets take it for their own code page without one.</summary>
    private sealed class Csv : RecordWriter
    {
        private readonly CsvWriter _csv;
        private readonly IReadOnlyList<FieldView> _fields;
        private readonly CellText _text;

        public Csv(Stream target, IReadOnlyList<FieldView> fields, CellText text)
        {
            (_fields, _text) = (fields, text);
            _csv = CsvWriter.Create(target, new CsvWriterOptions { WriteByteOrderMark = true }, leaveOpen: true);
            _csv.WriteRecord([.. fields.Select(field => CsvFile.Harmless(field.Name))]);
        }

        public override void Write(RecordView record) => _csv.WriteRecord([.. _fields.Select(field => CellOf(field, Of(record, field)))]);

        /// <summary>A number is one, whatever it begins with.</summary>
        private string CellOf(FieldView field, JsonElement value) =>
            value.ValueKind == JsonValueKind.Number ? _text.Text(field, value) : CsvFile.Harmless(_text.Text(field, value));

        public override void Dispose() => _csv.Dispose();
    }

    private sealed class Xlsx : RecordWriter
    {
        private readonly XlsxWriter _sheet;
        private readonly IReadOnlyList<FieldView> _fields;
        private readonly CellText _text;

        public Xlsx(Stream target, IReadOnlyList<FieldView> fields, CellText text)
        {
            (_fields, _text, _sheet) = (fields, text, new XlsxWriter(target));
            _sheet.Head(fields.Select(f => f.Name));
        }

        public override void Write(RecordView record) => _sheet.Row(_fields.Select(field => _text.Typed(field, Of(record, field))));

        public override void Dispose() => _sheet.Dispose();
    }

    private sealed class Json : RecordWriter
    {
        private readonly Utf8JsonWriter _json;

        public Json(Stream target)
        {
            _json = new Utf8JsonWriter(target,
                new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            _json.WriteStartArray();
        }

        public override void Write(RecordView record)
        {
            _json.WriteStartObject();
            _json.WriteString("id", record.Id);
            _json.WritePropertyName("fields");
            record.Fields.WriteTo(_json);
            _json.WriteEndObject();
        }

        public override void Dispose()
        {
            _json.WriteEndArray();
            _json.Dispose();
        }
    }

    private sealed class Lines(Stream target) : RecordWriter
    {
        private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        private readonly StreamWriter _writer = new(target, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };

        public override void Write(RecordView record) =>
            _writer.WriteLine(JsonSerializer.Serialize(new { id = record.Id, fields = record.Fields }, Options));

        public override void Dispose() => _writer.Dispose();
    }
}
