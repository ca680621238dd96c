using System.Text.Json;

namespace Larkspur.Dify;

/// <summary>Reads one event's JSON. Fields that are missing or of another kind are taken as absent: the stream is more useful than its smallest part.</summary>
internal static class DifyEventReader
{
    /// <param name="json">One event, an object.</param>
    /// <param name="agentSpoke">In this stream <c>agent_message</c> has given text: a <c>message</c> holds all of it again.</param>
    /// <exception cref="InvalidOperationException">A text has half a surrogate pair.</exception>
    public static DifyEvent Read(JsonElement json, bool agentSpoke)
    {
        JsonElement data = json.TryGetProperty("data", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object ? inner : json;
        var ids = new DifyIds(Text(json, "task_id"), Text(json, "message_id"), Text(json, "conversation_id"), Text(json, "workflow_run_id"));
        string name = Text(json, "event") ?? "";
        return name switch
        {
            "message" when agentSpoke => new DifyTextReplaced(ids, Text(json, "answer") ?? "", null),
            "message" or "agent_message" => new DifyText(ids, Text(json, "answer") ?? ""),
            "text_chunk" => new DifyText(ids, Text(data, "text") ?? ""),
            "message_replace" => new DifyTextReplaced(ids, Text(json, "answer") ?? "", Text(json, "reason")),
            "agent_thought" => new DifyThought(ids, Text(json, "id") ?? "", Number(json, "position") ?? 0, Text(json, "thought") ?? "", Text(json, "observation") ?? "", Text(json, "tool") ?? "", Text(json, "tool_input") ?? ""),
            "message_file" => new DifyFileMade(ids, Text(json, "id") ?? "", Text(json, "type") ?? "", Text(json, "belongs_to") ?? "", Text(json, "url") ?? ""),
            "reasoning_chunk" => new DifyReasoning(ids, Text(data, "reasoning") ?? "", data.TryGetProperty("is_final", out JsonElement final) && final.ValueKind == JsonValueKind.True),
            "message_end" => Ended(ids, json),
            "workflow_started" => new DifyWorkflowStarted(ids, Text(data, "workflow_id") ?? ""),
            "node_started" or "node_finished" or "node_retry" => new DifyNode(ids, name[5..], Text(data, "node_id") ?? "", Text(data, "node_type") ?? "", Text(data, "title") ?? "", Text(data, "status"), Text(data, "error")),
            "workflow_finished" => new DifyWorkflowFinished(ids, Text(data, "status") ?? "", Text(data, "error"), data.TryGetProperty("outputs", out JsonElement outputs) ? outputs.Clone() : default, Number(data, "total_tokens")),
            "human_input_required" => new DifyInputRequired(ids, Form(data)),
            "workflow_paused" => new DifyWorkflowPaused(ids),
            "tts_message" or "tts_message_end" => new DifySpeech(ids, json.TryGetProperty("audio", out JsonElement audio) && audio.ValueKind == JsonValueKind.String && audio.TryGetBytesFromBase64(out byte[]? sound) ? sound : default, name == "tts_message_end"),
            _ => new DifyOther(ids, name, json.Clone()),
        };
    }

    /// <param name="data">An object.</param>
    /// <exception cref="InvalidOperationException">It is none, or a text has half a surrogate pair.</exception>
    public static DifyForm Form(JsonElement data) => new(
        Text(data, "form_id") ?? "", Text(data, "form_token"), Text(data, "node_title") ?? "", Text(data, "form_content") ?? "",
        [.. Items(data, "inputs").Select(i => new DifyFormInput(Text(i, "type") ?? "", Text(i, "output_variable_name") ?? "", Text(i, "default")))],
        [.. Items(data, "actions").Select(a => new DifyFormAction(Text(a, "id") ?? "", Text(a, "title") ?? "", Text(a, "button_style") ?? ""))],
        data.TryGetProperty("expiration_time", out JsonElement end) && end.ValueKind == JsonValueKind.Number && end.TryGetInt64(out long seconds) && seconds is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null);

    private static DifyMessageEnded Ended(DifyIds ids, JsonElement json)
    {
        JsonElement metadata = json.TryGetProperty("metadata", out JsonElement m) && m.ValueKind == JsonValueKind.Object ? m : default;
        DifyUsage? usage = metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty("usage", out JsonElement u) && u.ValueKind == JsonValueKind.Object
            ? new(Number(u, "prompt_tokens") ?? 0, Number(u, "completion_tokens") ?? 0, Number(u, "total_tokens") ?? 0, Text(u, "total_price"), Text(u, "currency"), Fraction(u, "latency"))
            : null;
        return new(ids, usage, [.. Items(metadata, "retriever_resources").Select(r =>
            new DifySource(Number(r, "position") ?? 0, Text(r, "dataset_name") ?? "", Text(r, "document_name") ?? "", Fraction(r, "score"), Text(r, "content") ?? ""))]);
    }

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(static i => i.ValueKind == JsonValueKind.Object) : [];

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;

    private static double? Fraction(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number : null;
}
