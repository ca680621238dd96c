using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Platforms;

/// <summary>Seals addresses that are good for whoever knows them, to write into a conversation or to fetch a file: in stored events and messages they are readable to this gateway alone.</summary>
/// <remarks>A purpose keeps the seals of one kind of address from being opened as another.</remarks>
internal sealed partial class AddressSeals(IDataProtectionProvider protection, ILogger<AddressSeals> logger)
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ConcurrentDictionary<string, IDataProtector> _protectors = new(StringComparer.Ordinal);

    /// <summary>A message as it is stored: the address in one of its fields is sealed, or gone when that cannot be done. All else stays as it came.</summary>
    /// <param name="purpose">Kind of the address.</param>
    /// <param name="message">A JSON object, UTF-8.</param>
    /// <param name="field">The field that has the address.</param>
    /// <param name="into">The field that has its seal; what a sender put there goes.</param>
    public ReadOnlyMemory<byte> Sealed(string purpose, ReadOnlyMemory<byte> message, string field, string into)
    {
        try
        {
            using var json = JsonDocument.Parse(message);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.EnumerateObject().Any(p => p.NameEquals(field) || p.NameEquals(into))) return message;
            using var written = new MemoryStream(message.Length + 512);
            using (var writer = new Utf8JsonWriter(written, Writing))
            {
                writer.WriteStartObject();
                foreach (var property in json.RootElement.EnumerateObject())
                {
                    if (property.NameEquals(field))
                    {
                        if (property.Value.ValueKind == JsonValueKind.String && property.Value.GetString() is { Length: > 0 } address && Seal(purpose, address) is { } seal) writer.WriteString(into, seal);
                    }
                    else if (!property.NameEquals(into))
                    {
                        writer.WritePropertyName(property.Name);
                        writer.WriteRawValue(property.Value.GetRawText(), skipInputValidation: true);
                    }
                }

                writer.WriteEndObject();
            }

            return written.ToArray();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Half a surrogate pair in it: JSON that is no text. No handler could read it either, so nothing of it is kept.
            return "{}"u8.ToArray();
        }
    }

    /// <summary>One address sealed, in base64; null: that cannot be done.</summary>
    /// <param name="purpose">Kind of the address.</param>
    /// <param name="address">The address, with what belongs to it.</param>
    public string? Seal(string purpose, string address)
    {
        try
        {
            return Convert.ToBase64String(Protector(purpose).Protect(Encoding.UTF8.GetBytes(address)));
        }
        catch (CryptographicException e)
        {
            AddressNotSealed(purpose, e);
            return null;
        }
    }

    /// <summary>What was sealed, or null when it cannot be read any more.</summary>
    /// <param name="purpose">The purpose it was sealed for.</param>
    /// <param name="seal">The seal, in base64; null and empty: there is none.</param>
    public string? Open(string purpose, string? seal)
    {
        if (string.IsNullOrEmpty(seal)) return null;
        try
        {
            return Encoding.UTF8.GetString(Protector(purpose).Unprotect(Convert.FromBase64String(seal)));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            AddressNotOpened(purpose, e.Message);
            return null;
        }
    }

    private IDataProtector Protector(string purpose) => _protectors.GetOrAdd(purpose, static (of, protection) => protection.CreateProtector(of), protection);

    [LoggerMessage(LogLevel.Warning,
        "An address cannot be sealed and is not kept ({Purpose}); what is said goes another way, a file is not read")]
    private partial void AddressNotSealed(string purpose, Exception error);
    [LoggerMessage(LogLevel.Warning,
        "A sealed address cannot be opened ({Purpose}: {Reason}); what is said goes another way, a file is not read")]
    private partial void AddressNotOpened(string purpose, string reason);
}
