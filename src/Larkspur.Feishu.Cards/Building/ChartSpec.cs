using System.Text;
using System.Text.Json;

namespace Larkspur.Feishu.Cards.Building;

/// <summary>A VChart specification as text.</summary>
internal static class ChartSpec
{
    public static byte[] Check(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String) return Encoding.UTF8.GetBytes(json);
        }
        catch (JsonException e)
        {
            throw new ArgumentException("The chart's specification is not JSON; write it with a serialiser.", nameof(json), e);
        }

        throw new ArgumentException("A chart's specification is an object with a type: {\"type\":\"bar\",\"data\":…}.", nameof(json));
    }
}
