using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Web.Platforms;

/// <summary>What a person does on a platform's page; what does not work is shown as a toast.</summary>
internal static class PlatformActions
{
    private const long LargestUpload = 20L << 20;
    private const int LongestText = 20_000;
    private const int MostChoices = 50;

    /// <summary>Calls that need the page's own origin.</summary>
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/platforms/{platform}/send", static (string platform, SendRequest body, HttpContext context) =>
            DoAsync(context, platform, body.Text.Length is 0 or > LongestText, client => body.ReplyTo is { } message
                ? client.ReplyAsync(body.As, body.Chat, message, body.Text, body.Mention, context.RequestAborted)
                : client.SendAsync(body.As, body.Chat, body.Text, body.Mention, context.RequestAborted)));
        group.MapPost("/platforms/{platform}/click", static (string platform, PressRequest body, HttpContext context) =>
            DoAsync(context, platform, body.Chosen?.Count > MostChoices, client => client.ClickAsync(body.As, body.Message, body.Key, body.Chosen ?? [], context.RequestAborted)));
        group.MapPost("/platforms/{platform}/rate", static (string platform, RateRequest body, HttpContext context) =>
            DoAsync(context, platform, false, client => client.RateAsync(body.As, body.Message, body.Rating, context.RequestAborted)));
        group.MapPost("/platforms/{platform}/open", static (string platform, OpenRequest body, HttpContext context) =>
            DoAsync(context, platform, false, async client =>
            {
                await client.OpenAsync(body.As, body.Chat, body.First, context.RequestAborted);
                return null;
            }));
        group.MapPost("/platforms/{platform}/upload", static (string platform, HttpContext context) => UploadAsync(platform, context));
    }

    private static async Task<IResult> UploadAsync(string platform, HttpContext context)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength > LargestUpload + 4096) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form.Files is not [{ Length: <= LargestUpload } file] || form["as"] is not [{ } person] || form["chat"] is not [{ } chat]) return Results.BadRequest();
        using var bytes = new MemoryStream((int)file.Length);
        await file.CopyToAsync(bytes, context.RequestAborted);
        var isPicture = file.ContentType?.StartsWith("image/", StringComparison.Ordinal) == true;
        return await DoAsync(context, platform, false, client => client.UploadAsync(person, chat, Path.GetFileName(file.FileName), bytes.ToArray(), isPicture, context.RequestAborted));
    }

    private static async Task<IResult> DoAsync(HttpContext context, string platform, bool outOfBounds, Func<IPlatformClient, Task<string?>> action)
    {
        if (PlatformEndpoints.ClientOf(context, platform) is not { } client) return Results.NotFound();
        if (outOfBounds) return Results.BadRequest();
        try
        {
            return await action(client) is { } why ? Toast(why) : Results.Json(new { });
        }
        catch (ControlRefusal refusal)
        {
            return Toast(refusal.Message);
        }
    }

    private static IResult Toast(string why) => Results.Json(new { toast = new { type = "error", content = why } });

    internal sealed record SendRequest(string As, string Chat, string Text, bool Mention = false, string? ReplyTo = null);

    internal sealed record PressRequest(string As, string Message, string Key, Dictionary<string, string[]>? Chosen = null);

    internal sealed record RateRequest(string As, string Message, string Rating);

    internal sealed record OpenRequest(string As, string Chat, bool First = false);
}
