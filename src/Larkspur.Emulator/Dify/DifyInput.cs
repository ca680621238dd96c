using System.Text.Json;

namespace Larkspur.Emulator.Dify;

/// <summary>Reads what a client sent, as strictly as Dify does.</summary>
internal static class DifyInput
{
    public static DifyApp App(HttpContext http, IReadOnlyList<DifyApp> apps)
    {
        var header = http.Request.Headers.Authorization.ToString();
        return (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? apps.FirstOrDefault(a => a.Key == header[7..].Trim()) : null)
            ?? throw new DifyRefusal(401, "unauthorized", "Access token is invalid");
    }

    public static async Task<JsonElement> BodyAsync(HttpContext http)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw DifyRefusal.Invalid("The body is not a JSON object.");
        }
        catch (JsonException)
        {
            throw DifyRefusal.Invalid("The body is not JSON.");
        }
    }

    public static string User(JsonElement body) => Text(body, "user") is { Length: > 0 } user ? user : throw DifyRefusal.Invalid("Arg user must be provided.");

    public static string User(HttpContext http) => http.Request.Query["user"].ToString() is { Length: > 0 } user ? user : throw DifyRefusal.Invalid("Arg user must be provided.");

    public static int Limit(HttpContext http) => http.Request.Query["limit"].ToString() switch
    {
        "" => 20,
        var text when int.TryParse(text, out var limit) && limit is >= 1 and <= 100 => limit,
        _ => throw DifyRefusal.Invalid("limit must be between 1 and 100"),
    };

    public static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The files of a question; each must be an address or this user's own upload, and of a kind that the app takes: of a type that it lists, or <c>custom</c> and of an extension of its own.</summary>
    public static IReadOnlyList<DifyQuestionFile> Files(JsonElement body, DifyApp app, string user, DifyConversations conversations)
    {
        if (!body.TryGetProperty("files", out var files) || files.ValueKind == JsonValueKind.Null) return [];
        if (files.ValueKind != JsonValueKind.Array || files.GetArrayLength() > DifyApi.MostFiles) throw DifyRefusal.Invalid("files must be a list");
        var read = new List<DifyQuestionFile>();
        foreach (var file in files.EnumerateArray())
        {
            var fine = Text(file, "type") is { } type && (type == "custom" ? app.FileExtensions.Contains(Extension(file, conversations), StringComparer.OrdinalIgnoreCase) : app.FileTypes.Contains(type)) && Text(file, "transfer_method") switch
            {
                "remote_url" => Uri.TryCreate(Text(file, "url"), UriKind.Absolute, out _),
                "local_file" => Text(file, "upload_file_id") is { } id && conversations.HasFile(app, user, id),
                _ => false,
            };
            if (!fine) throw DifyRefusal.Invalid("Invalid upload file");
            read.Add(new DifyQuestionFile(Text(file, "type")!, conversations.File(Text(file, "upload_file_id"))));
        }

        return read;
    }

    /// <summary>With the dot; empty: it has none.</summary>
    private static string Extension(JsonElement file, DifyConversations conversations) => Path.GetExtension(Text(file, "transfer_method") == "remote_url"
        ? Uri.TryCreate(Text(file, "url"), UriKind.Absolute, out var url) ? url.AbsolutePath : ""
        : conversations.File(Text(file, "upload_file_id"))?.Name ?? "");
}
