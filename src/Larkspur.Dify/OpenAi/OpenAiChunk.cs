using System.Text.Json;

namespace Larkspur.Dify.OpenAi;

/// <summary>What one chunk of a completion says.</summary>
/// <param name="Text">More of the answer. What a model thinks aloud (<c>reasoning_content</c>) is not part of it and not here.</param>
/// <param name="Finish"><c>stop</c>, <c>length</c>, <c>content_filter</c>, <c>tool_calls</c>; null: it goes on.</param>
/// <param name="TotalTokens">In the last chunk, if asked for.</param>
/// <param name="Error">Some services say in the middle that they fail.</param>
internal readonly record struct OpenAiChunk(string? Text, string? Finish, int? TotalTokens, string? Error)
{
    /// <param name="json">An object; parts of another kind than expected are taken as absent.</param>
    /// <exception cref="InvalidOperationException">A text has half a surrogate pair.</exception>
    public static OpenAiChunk Read(JsonElement json)
    {
        if (json.TryGetProperty("error", out JsonElement error) && error.ValueKind is JsonValueKind.Object or JsonValueKind.String)
            return new(null, null, null, error.ValueKind == JsonValueKind.String ? "error" : TextOf(error, "code") ?? TextOf(error, "type") ?? "error");
        int? tokens = json.TryGetProperty("usage", out JsonElement usage) && usage.ValueKind == JsonValueKind.Object && usage.TryGetProperty("total_tokens", out JsonElement total)
            && total.ValueKind == JsonValueKind.Number && total.TryGetInt32(out int number) ? number : null;
        if (!json.TryGetProperty("choices", out JsonElement choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0 || choices[0].ValueKind != JsonValueKind.Object) return new(null, null, tokens, null);
        JsonElement choice = choices[0];
        string? text = choice.TryGetProperty("delta", out JsonElement delta) && delta.ValueKind == JsonValueKind.Object ? TextOf(delta, "content") : null;
        return new(text, TextOf(choice, "finish_reason"), tokens, null);
    }

    private static string? TextOf(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
