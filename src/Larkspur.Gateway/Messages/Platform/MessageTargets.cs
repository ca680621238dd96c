using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Robots;

namespace Larkspur.Gateway.Messages;

/// <summary>The message that an address names: by the platform's id (<c>om_…</c>), or by the id that sending it gave.</summary>
/// <param name="App">Whose message.</param>
/// <param name="MessageId">The platform's id; null: it has none yet, see <paramref name="Queued"/>.</param>
/// <param name="Queued">The message as it was queued here; null when it was named by the platform's id.</param>
internal sealed record MessageTarget(FeishuApp App, string? MessageId, MessageAnswer? Queued)
{
    /// <exception cref="RequestRefusedException">It was not sent.</exception>
    public string Sent => MessageId ?? throw new RequestRefusedException(StatusCodes.Status409Conflict, "not_sent", "/{message_id}",
        $"Message {Queued!.Id!.Value.ToString(CultureInfo.InvariantCulture)} is {Queued.State}: the platform has no message of it.");
}

/// <summary>Finds the messages and groups that addresses name, as far as they are the caller's.</summary>
internal sealed partial class MessageTargets(PlatformCalls calls, MessageQueue queue, MessageOwners owners, OwnedObjects objects)
{
    private const string Place = "/{message_id}";

    /// <summary>Keys in one message that are looked up; no message shows as many.</summary>
    private const int MostFiles = 500;

    /// <exception cref="RequestRefusedException">There is no such message for this caller, or it is no message's id.</exception>
    public async Task<MessageTarget> FindAsync(KeyGrant caller, string id, string? app, MessageUse use, CancellationToken cancellation)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var target = new MessageTarget(calls.App(caller, app), FeishuIds.Check("message_id", id, Place), null);
            if (use != MessageUse.Answer) await DemandAsync(caller, target.App, id, use, cancellation);
            return target;
        }

        var message = await queue.FindAsync(number, cancellation) ?? throw NotFound();
        if (Changes(use)) caller.DemandChange(message.Owner, message.App, NotFound);
        else caller.DemandRead(message.Owner, message.App, NotFound);
        if (message.TargetType == RobotRows.TargetType)
            throw RequestRefusedException.Impossible("not_for_robots", Place,
                "A group robot's message can be neither answered, changed nor taken back: its platform gives it no id.");
        if (app is not null && app != message.App)
            throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", Place, "The message is another app's.");
        return new MessageTarget(calls.App(message.App), message.MessageId, message);
    }

    /// <summary>The messages are the caller's own system's.</summary>
    /// <exception cref="RequestRefusedException">One of them is not.</exception>
    public async Task DemandOwnAsync(KeyGrant caller, FeishuApp app, IReadOnlyList<string> messages, string pointer, CancellationToken cancellation)
    {
        if (caller.ReadsAll) return;
        var known = await owners.OfAsync(app.Name, messages, cancellation);
        for (var i = 0; i < messages.Count; i++)
        {
            if (!known.TryGetValue(messages[i], out var owner) || !caller.MayRead(owner))
                throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", $"{pointer}/{i.ToString(CultureInfo.InvariantCulture)}", $"No message of the key's system has this id. {KeyGrant.OthersHint}");
        }
    }

    /// <summary>The group is one that the caller's system made.</summary>
    /// <exception cref="RequestRefusedException">It is not.</exception>
    public async Task DemandChatAsync(KeyGrant caller, FeishuApp app, string chat, bool change, CancellationToken cancellation)
    {
        if (change ? caller.ChangesAll : caller.ReadsAll) return;
        var owner = await objects.OwnerOfAsync(app.Name, OwnedObjects.Chat, chat, cancellation);
        if (change) caller.DemandChange(owner, app.Name, NoChat);
        else caller.DemandRead(owner, app.Name, NoChat);
    }

    /// <summary>Images and files that a message shows were not uploaded by another system, and a group that it hands on is the caller's
    /// system's.</summary>
    /// <exception cref="RequestRefusedException">It is not so.</exception>
    public async Task DemandShownAsync(KeyGrant caller, string app, MessageDraft draft, CancellationToken cancellation)
    {
        await DemandFilesAsync(objects, caller, app, draft.Content, draft.Pointer, cancellation);
        if (draft.Type != "share_chat" || caller.ReadsAll) return;
        using var content = JsonDocument.Parse(draft.Content, new JsonDocumentOptions { MaxDepth = 100 });
        var chat = content.RootElement.TryGetProperty("chat_id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString()! : "";
        if (!caller.MayRead(await objects.OwnerOfAsync(app, OwnedObjects.Chat, chat, cancellation)))
        {
            throw RequestRefusedException.Impossible("unknown_chat", draft.Pointer,
                $"The key's system made no group of this id. {KeyGrant.OthersHint}");
        }
    }

    /// <summary>Images and files that a text in JSON shows were not uploaded by another system.</summary>
    /// <exception cref="RequestRefusedException">One was.</exception>
    public static Task DemandFilesAsync(
        OwnedObjects objects, KeyGrant caller, string app, string json, string? pointer, CancellationToken cancellation) =>
        DemandFilesAsync(objects, caller, app, FileKeys.In(json), pointer, cancellation);

    /// <summary>Images and files of these keys were not uploaded by another system.</summary>
    /// <exception cref="RequestRefusedException">One was.</exception>
    public static async Task DemandFilesAsync(
        OwnedObjects objects, KeyGrant caller, string app, IEnumerable<string> files, string? pointer, CancellationToken cancellation)
    {
        if (caller.ReadsAll) return;
        foreach (var keys in files.Chunk(MostFiles))
        {
            var known = await objects.OwnersOfAsync(app, OwnedObjects.File, keys, cancellation);
            if (known.Values.Any(owner => !caller.MayRead(owner)))
                throw RequestRefusedException.Impossible("unknown_file", pointer, $"The key's system uploaded no such image or file. {KeyGrant.OthersHint}");
        }
    }

    /// <summary>Of a chat's messages those that the caller may read.</summary>
    public async Task<IReadOnlyList<Message>> ReadableAsync(KeyGrant caller, FeishuApp app, string chat, IReadOnlyList<Message> messages, CancellationToken cancellation)
    {
        if (caller.ReadsAll || caller.MayRead(await objects.OwnerOfAsync(app.Name, OwnedObjects.Chat, chat, cancellation))) return messages;
        string[] ids = [.. messages.SelectMany(Related).Distinct(StringComparer.Ordinal)];
        var known = await owners.OfAsync(app.Name, ids, cancellation);
        return [.. messages.Where(m => known.TryGetValue(m.MessageId ?? "", out var owner) ? caller.MayRead(owner)
            : Related(m).Any(id => known.TryGetValue(id, out var of) && caller.MayRead(of)))];
    }

    private static IEnumerable<string> Related(Message message) => new[] { message.MessageId, message.ParentId, message.RootId }.OfType<string>().Where(id => id.Length > 0);

    private static bool Changes(MessageUse use) => use is MessageUse.Mark or MessageUse.Recall or MessageUse.Change;

    private async Task DemandAsync(KeyGrant caller, FeishuApp app, string id, MessageUse use, CancellationToken cancellation)
    {
        var changes = Changes(use);
        if (changes ? caller.ChangesAll : caller.ReadsAll) return;
        if ((await owners.OfAsync(app.Name, [id], cancellation)).GetValueOrDefault(id) is { } owner)
        {
            if (changes) caller.DemandChange(owner, app.Name, NotFound);
            else caller.DemandRead(owner, app.Name, NotFound);
            return;
        }

        if (use is not (MessageUse.Change or MessageUse.Readers) && await IsNearAsync(caller, app, id, use, cancellation)) return;
        throw caller.ReadsAll ? KeyGrant.NotMine() : NotFound();
    }

    /// <summary>A message that nobody is known to have sent by the gateway stands in a group of the caller's system, or answers one of its messages.</summary>
    private async Task<bool> IsNearAsync(KeyGrant caller, FeishuApp app, string id, MessageUse use, CancellationToken cancellation)
    {
        Message? message;
        try
        {
            var found = await app.Client.Im.V1.Message.GetAsync(new() { MessageId = id }, calls.Call(app, Endpoints.MessageGet), cancellation);
            message = found.Items?.FirstOrDefault(m => m.MessageId == id);
        }
        catch (FeishuApiException e) when (!e.IsTransient)
        {
            // That the platform has no such message, or does not show it, is told in the same words as that it is another's.
            return false;
        }

        if (message is null) return false;
        if (message.ChatId is { Length: > 0 } chat && await objects.OwnerOfAsync(app.Name, OwnedObjects.Chat, chat, cancellation) is { } maker && (Changes(use) ? caller.MayChange(maker) : caller.MayRead(maker)))
            return true;
        if (use == MessageUse.Recall) return false;
        var answered = await owners.OfAsync(app.Name, [.. Related(message).Where(r => r != id).Distinct(StringComparer.Ordinal)], cancellation);
        return answered.Values.Any(owner => Changes(use) ? caller.MayChange(owner) : caller.MayRead(owner));
    }

    private static RequestRefusedException NotFound() => new(StatusCodes.Status404NotFound, "not_found", Place, $"No message has this id. Ended ones are forgotten after a while. {KeyGrant.OthersHint}");

    private static RequestRefusedException NoChat() => new(StatusCodes.Status404NotFound, "not_found", "/{chat_id}", $"The key's system made no such group. {KeyGrant.OthersHint}");
}
