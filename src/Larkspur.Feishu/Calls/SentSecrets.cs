using System.Text.Json;

namespace Larkspur.Feishu;

/// <summary>Finds what a request's body holds that no error text may repeat: secrets, tickets, tokens and sign-in codes.</summary>
internal static class SentSecrets
{
    /// <summary>Shorter values are no secrets, and masking them would make texts unreadable.</summary>
    private const int Shortest = 6;

    /// <summary>Looks at the members of a JSON object.</summary>
    public static IEnumerable<string> In(ReadOnlySpan<byte> json)
    {
        var found = new List<string>();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return found;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && IsSecret(name) && reader.GetString() is { Length: >= Shortest } value) found.Add(value);
            else reader.Skip();
        }

        return found;
    }

    /// <summary>Looks at the fields of a form.</summary>
    public static IEnumerable<string> In(FeishuForm form)
        => form.Fields.Where(f => IsSecret(f.Key) && f.Value.Length >= Shortest).Select(f => f.Value);

    private static bool IsSecret(string name) => name is "code" or "code_verifier" or "app_ticket" or "password"
        || name.EndsWith("_secret", StringComparison.Ordinal) || name is "refresh_token" or "access_token"
        || name.EndsWith("_access_token", StringComparison.Ordinal);
}
