using System.Text.Json;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>The bot's commands over REST: registering them, looking at their calls, answering.</summary>
internal sealed class CommandEndpoints(CommandRegistry registry, RegisteredCommandStore store, CallStore calls, CallAnswers answers,
    IWebhookEndpoints webhooks, IEnumerable<ICardCompiler> compilers, ReplySender replies, IDatabase database)
{
    private const int LargestPage = 200;

    public IResult List(KeyGrant by) => TypedResults.Ok(new CommandListView(Views(by)));

    /// <summary>What the caller may see of the table, in the order of <c>/help</c>.</summary>
    public IReadOnlyList<CommandView> Views(KeyGrant by) =>
        [.. registry.Fixed.Select(View), .. store.All.Where(c => Sees(by, c)).Select(View)];

    public IResult Show(KeyGrant by, string name)
    {
        if (registry.FindFixed(name) is { } given) return TypedResults.Ok(View(given));
        return TypedResults.Ok(View(Known(by, name)));
    }

    public async Task<IResult> PutAsync(Body<PutCommand> body, string name, CancellationToken cancellation)
    {
        var by = Caller.Grant(body.Http);
        var command = RegisteredCommandReader.Read(name, await body.ReadAsync(cancellation));
        if (command.Names.FirstOrDefault(n => registry.FindFixed(n) is not null) is { } taken) throw RegisteredCommandStore.InUse(taken);
        if (command.Webhook is { } webhook && !webhooks.MayName(by, webhook))
            throw RequestRefusedException.Impossible("unknown_webhook", "/webhook",
                $"No webhook \"{JsonFields.Shown(webhook)}\" is the calling key's system's or the administrators'.");
        var notes = Shown(command, by.Owner);
        var (kept, isNew) = await store.PutAsync(by, command, body.Kept().GetRawText(), cancellation);
        var view = View(kept) with { Notes = notes.Count > 0 ? notes : null };
        return isNew ? TypedResults.Created($"/api/v1/commands/{Uri.EscapeDataString(command.Name)}", view) : TypedResults.Ok(view);
    }

    public async Task<IResult> DeleteAsync(KeyGrant by, string name, CancellationToken cancellation)
    {
        if (await store.DeleteAsync(by, name, cancellation)) return TypedResults.NoContent();
        throw registry.FindFixed(name) is { } given
            ? new RequestRefusedException(StatusCodes.Status409Conflict, "built_in", "/{name}",
                $"/{given.Name} comes with the gateway or a plug-in: {CommandOptions.OffSetting} switches it off.")
            : NoCommand();
    }

    public async Task<IResult> CallsAsync(KeyGrant by, string name, long? cursor, int? limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > LargestPage) throw RequestRefusedException.Malformed("bad_limit", "?limit", $"limit is 1 to {LargestPage}.");
        return TypedResults.Ok(await CallViewsAsync(by, name, cursor, limit ?? 50, cancellation));
    }

    /// <summary>A page of a command's calls, the newest first.</summary>
    public async Task<CallListView> CallViewsAsync(KeyGrant by, string name, long? cursor, int size, CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(sql => calls.PageAsync(
            sql, name.ToLowerInvariant(), by.ReadsAll ? null : by.Owner, by.Reach?.Apps, cursor ?? long.MaxValue, size + 1), cancellation);
        var page = rows.Take(size).ToArray();
        return new CallListView([.. page.Select(CallView.Of)], rows.Count > size ? page[^1].Number : null);
    }

    public async Task<IResult> CallAsync(KeyGrant by, string name, string id, CancellationToken cancellation) =>
        TypedResults.Ok(CallView.Of(await CallOfAsync(by, name, id, change: false, cancellation)));

    public async Task<IResult> AnswerAsync(Body<AnswerCall> body, string name, string id, CancellationToken cancellation)
    {
        var by = Caller.Grant(body.Http);
        var answer = await body.ReadAsync(cancellation);
        var call = await CallOfAsync(by, name, id, change: true, cancellation);
        var key = IdempotencyKey.Read(body.Http.Request, answer.Key);
        var queued = await answers.AnswerAsync(by, call, answer, key, RequestHash.Of(body.Sent), cancellation);
        return TypedResults.Accepted((string?)null, new CallAnswerView(call.Id, queued.Number, queued.Notes.Count > 0
            ? queued.Notes : null));
    }

    public static RequestRefusedException NoCall() =>
        new(StatusCodes.Status404NotFound, "not_found", "/{id}", $"There is no such call. {KeyGrant.OthersHint}");

    /// <summary>What the platforms that show forms show less of.</summary>
    /// <exception cref="RequestRefusedException">One of them has no card of it.</exception>
    private IReadOnlyList<string> Shown(RegisteredCommand command, string owner)
    {
        if (command.Form is not { } form) return [];
        try
        {
            return [.. compilers.Where(c => replies.Has(c.Platform) && replies.Can(c.Platform, ChannelCapability.CardForms))
                .SelectMany(c => c.Compile(CommandFace.Open(form, owner), new CardFace(CardKinds.CommandForm, "cc_sample")).Notes)
                .Select(note => note.English)];
        }
        catch (ArgumentException e)
        {
            throw RequestRefusedException.Impossible("bad_card", "/form", $"No card can be made of it: {e.Message}");
        }
    }

    private static RequestRefusedException NoCommand() =>
        new(StatusCodes.Status404NotFound, "not_found", "/{name}", $"There is no such command. {KeyGrant.OthersHint}");

    private static bool Sees(KeyGrant by, RegisteredCommand command) => by.MayRead(command.Owner)
        && RegisteredCommandStore.InReach(by, command.Apps);

    private RegisteredCommand Known(KeyGrant by, string name) =>
        store.All.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } command && Sees(by, command)
            ? command : throw NoCommand();

    private async Task<StoredCall> CallOfAsync(KeyGrant by, string name, string id, bool change, CancellationToken cancellation)
    {
        var call = await database.ReadAsync(sql => calls.FindAsync(sql, id), cancellation);
        if (call is null || !call.Command.Equals(name, StringComparison.OrdinalIgnoreCase)) throw NoCall();
        if (change) by.DemandChange(call.Owner, call.App, NoCall);
        else by.DemandRead(call.Owner, call.App, NoCall);
        return call;
    }

    private static CommandView View(BotCommand command) => new(command.Name, command.Aliases, CommandTextView.Of(command.Description),
        command.Origin == BotCommand.OwnOrigin ? "gateway" : "plugin", null, null, null, null, null, null, null, null);

    private CommandView View(RegisteredCommand command) => new(command.Name, command.Aliases, CommandTextView.Of(command.Description),
        "system",
        command.Owner.Length == 0 ? null : command.Owner, command.Apps, command.FormJson is { } json
            ? JsonSerializer.Deserialize<JsonElement>(json) : null,
        command.Webhook, (int)command.AnswerWithin.TotalSeconds, command.Names.Select(registry.FindFixed).FirstOrDefault(c =>
            c is not null)?.Name,
        command.ChangedAt, command.ChangedBy);
}
