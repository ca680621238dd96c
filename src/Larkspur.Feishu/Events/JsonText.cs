using System.Security.Cryptography;
using System.Text.Json;

namespace Larkspur.Feishu.Events;

/// <summary>Where a scalar stands in a JSON text (quotes included): read only when it is needed, so that a refused request costs no strings.</summary>
internal readonly struct JsonText(int start, int length)
{
    /// <summary>Longest scalar of an envelope in bytes, escapes included; real ones stay under 100.</summary>
    public const int MaxLength = 1024;

    private readonly int _start = start;
    private readonly int _length = length;
    private readonly bool _present = true;

    /// <summary>The member occurs (its value may be null).</summary>
    public bool Present => _present;

    /// <summary>The member is absent, null or the empty string.</summary>
    public bool IsEmpty => _length <= 2;

    /// <summary>The value as it stands in the text, quotes and escapes included.</summary>
    public ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> json) => json.Slice(_start, _length);

    public string Read(ReadOnlySpan<byte> json)
    {
        if (_length == 0) return "";
        Utf8JsonReader reader = At(json);
        return reader.TokenType == JsonTokenType.String ? reader.GetString()! : System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
    }

    public bool Is(ReadOnlySpan<byte> json, ReadOnlySpan<byte> value)
    {
        if (_length == 0) return false;
        Utf8JsonReader reader = At(json);
        return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(value);
    }

    /// <summary>Compares in time that depends only on the lengths.</summary>
    public bool IsSecret(ReadOnlySpan<byte> json, ReadOnlySpan<byte> secret)
    {
        if (_length == 0) return false;
        Utf8JsonReader reader = At(json);
        if (reader.TokenType != JsonTokenType.String) return false;
        Span<byte> text = stackalloc byte[MaxLength];
        int written = reader.CopyString(text);
        return CryptographicOperations.FixedTimeEquals(text[..written], secret);
    }

    private Utf8JsonReader At(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json.Slice(_start, _length));
        reader.Read();
        return reader;
    }
}
