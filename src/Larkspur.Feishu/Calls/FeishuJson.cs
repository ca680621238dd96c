using System.Text.Json;

namespace Larkspur.Feishu;

/// <summary>How the SDK reads and writes the platform's JSON.</summary>
public static class FeishuJson
{
    /// <summary>snake_case names, nulls left out, numbers accepted from strings, text written unescaped (cards keep their Chinese readable).</summary>
    public static JsonSerializerOptions Options { get; } = PlatformJson.Create(JsonNamingPolicy.SnakeCaseLower, new TextJsonConverter());
}
