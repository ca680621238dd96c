using System.Text.Json;

namespace Larkspur.Emulator.Web;

/// <summary>What a person does on the page: each one ends in <see cref="IPersonActions"/>, and a refusal is shown as a toast.</summary>
internal static class ActionEndpoints
{
    private const long LargestUpload = 30L << 20;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/send", static (SendRequest body, IPersonActions actions, HttpRequest request) =>
            Answer(request, actions.SendText(body.As, body.Chat, body.Text, body.ReplyTo, body.InThread)));
        group.MapPost("/edit", static (EditRequest body, IPersonActions actions, HttpRequest request) =>
            Answer(request, actions.Edit(body.As, body.Message, body.Text)));
        group.MapPost("/read", static (ReadRequest body, IPersonActions actions, HttpRequest request) => Answer(request, actions.MarkRead(body.As, body.Chat)));
        group.MapPost("/react", static (ReactRequest body, IPersonActions actions, HttpRequest request) =>
            Answer(request, actions.React(body.As, body.Message, body.Emoji, body.Remove)));
        group.MapPost("/pin", static (PinRequest body, IPersonActions actions, HttpRequest request) =>
            Answer(request, actions.SetPin(body.As, body.Message, body.Remove)));
        group.MapPost("/recall", static (RecallRequest body, IPersonActions actions, HttpRequest request) =>
            Answer(request, actions.Recall(body.As, body.Message)));
        group.MapPost("/click", ClickAsync);
        group.MapPost("/upload", UploadAsync);
    }

    private static async Task<IResult> ClickAsync(
        ClickRequest body, HttpRequest request, EmulatorState state, IPersonActions actions, CancellationToken cancellationToken)
    {
        var texts = Texts.Choose(request);
        if (state.Message(body.Message)?.Card is not { } card || CardInput.Read(card.For(body.As), body) is not { } click)
        {
            return Results.Json(new { toast = new { type = "error", content = texts.NotSent } });
        }

        var result = await actions.ClickAsync(body.As, body.Message, click with { Locale = texts.CardLocale }, cancellationToken);
        var toast = texts.ToastOf(result);
        return Results.Json(new
        {
            toast = toast is null ? null : new { type = toast.Type, content = toast.Content },
            code = result.ErrorCode,
            detail = result.Error is { } why ? texts.Say(why) : null,
        });
    }

    private static async Task<IResult> UploadAsync(HttpRequest request, IPersonActions actions, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType || request.ContentLength > LargestUpload) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        var form = await request.ReadFormAsync(cancellationToken);
        if (form.Files is not [var file] || file.Length > LargestUpload) return Results.BadRequest();
        if (form["as"] is not [{ } person] || form["chat"] is not [{ } chat]) return Results.BadRequest();

        using var bytes = new MemoryStream((int)file.Length);
        await file.CopyToAsync(bytes, cancellationToken);
        var name = Path.GetFileName(file.FileName);
        return Answer(request, file.ContentType.StartsWith("image/", StringComparison.Ordinal)
            ? actions.SendImage(person, chat, name, bytes.ToArray())
            : actions.SendFile(person, chat, name, bytes.ToArray()));
    }

    private static IResult Answer(HttpRequest request, ActionOutcome outcome) => Results.Json(outcome.Refusal is { } why
        ? (object)new { toast = new { type = "error", content = Texts.Choose(request).Say(why) } }
        : new { chat = outcome.ChatId, message = outcome.MessageId });

    internal sealed record SendRequest(string As, string Chat, string Text, string? ReplyTo = null, bool InThread = false);

    internal sealed record EditRequest(string As, string Message, string Text);

    internal sealed record ReadRequest(string As, string Chat);

    internal sealed record ReactRequest(string As, string Message, string Emoji, bool Remove = false);

    internal sealed record PinRequest(string As, string Message, bool Remove = false);

    internal sealed record RecallRequest(string As, string Message);
}

/// <summary>A click as the page reports it: where, and what stands in the controls.</summary>
/// <param name="At">JSON pointer of the component in the card as this person sees it.</param>
/// <param name="Value">A string, a list of strings or a boolean, by the kind of control.</param>
/// <param name="Form">Values of the form's named controls, when a form is submitted.</param>
internal sealed record ClickRequest(string As, string Message, string At, JsonElement Value = default, Dictionary<string, JsonElement>? Form = null);
