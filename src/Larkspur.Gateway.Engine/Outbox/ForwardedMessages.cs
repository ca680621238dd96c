using System.Text.Json;

namespace Larkspur.Gateway.Outbox;

/// <summary>What a forwarding row's content says: <c>{"message_id_list":["om_…"]}</c>.</summary>
internal static class ForwardedMessages
{
    private const string Member = "message_id_list";

    public static string Write(IReadOnlyList<string> messageIds) => JsonSerializer.Serialize(new Dictionary<string, IReadOnlyList<string>> { [Member] = messageIds });

    /// <exception cref="FormatException">The content says something else.</exception>
    public static IReadOnlyList<string> Read(string content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            string[] ids = [.. document.RootElement.GetProperty(Member).EnumerateArray().Select(id => id.GetString()).OfType<string>()];
            return ids.Length > 0 ? ids : throw new FormatException("No message is named to pass on.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("What is to be passed on cannot be read.", e);
        }
    }
}
