using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.People;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>Takes a notification: finds the people, makes the card, and keeps both with their outbox rows in one transaction.</summary>
internal sealed class NotificationIntake(IDatabase database, NotificationStore store, NotificationOutbox outbox, NotificationCards faces, Recipients recipients, PersonSearch directory, QuietHours hours,
    OwnedObjects objects, ISettings settings, TimeProvider clock)
{
    private const int IdBytes = 12;
    private const int Shown = 10;

    /// <summary>A new id: nobody can guess another one's.</summary>
    public static string NewId() => "nt" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>What was asked for under this key before, or null.</summary>
    /// <param name="app">The app.</param>
    /// <param name="key">The key as it is kept.</param>
    /// <param name="unowned">The key as it was kept before keys had owners; null: no other.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="hash">Of the body.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RequestRefusedException">Something else was.</exception>
    public async Task<NotificationRow?> RepeatedAsync(string app, string key, string? unowned, string who, string hash, CancellationToken cancellation) => Same(await database.ReadAsync(async sql =>
        await store.FindByKeyAsync(sql, app, key) ?? (unowned is not null && await store.FindByKeyAsync(sql, app, unowned) is { } old && old.RequestedBy == who ? old : null), cancellation), hash);

    /// <summary>Sends.</summary>
    /// <exception cref="RequestRefusedException">
    /// Nobody can be told, too many would be, no card can be made, or a value is an image that another system uploaded.
    /// </exception>
    public async Task<NotificationRow> SendAsync(NotificationDraft draft, CancellationToken cancellation)
    {
        if (!draft.Test && !draft.Type.IsOn(settings.Now)) return await StoreAsync(Row(draft, NotificationStates.SwitchedOff, ""), [], [], null, cancellation);
        var (found, missing) = await recipients.FindAsync(draft.App, draft.Recipients, cancellation);
        if (found.Count == 0)
        {
            throw RequestRefusedException.Impossible("unknown_recipients", "/recipients",
                $"Nobody can be told: {string.Join("; ", missing.Take(Shown).Select(m => $"{m.Named.Json.GetRawText()} is {m.Reason}"))}. Nothing was sent.");
        }

        var approvers = draft.Type.Decision ? await ApproversAsync(draft, found, cancellation) : [];
        var applicant = draft.Applicant is { } named ? await OneAsync(draft.App, named, cancellation) : null;
        var values = await NamedAsync(draft, cancellation);
        var model = NotificationTemplateFiller.Fill(draft.Type, values, []);
        // What the type shows was judged when it was saved; what is left came with the values.
        var brought = FileKeys.In(model).Except(FileKeys.In(draft.Type.Definition.GetRawText()), StringComparer.Ordinal);
        await MessageTargets.DemandFilesAsync(objects, draft.Caller, draft.App.Name, brought, "/variables", cancellation);
        var row = Row(draft, NotificationStates.Open, model) with
        {
            Decides = draft.Type.Decision, Approvers = approvers, Applicant = applicant is null ? null : Target(applicant),
        };
        return await StoreAsync(row, [.. found.Select(Target)], missing, Compile(row), cancellation);
    }

    /// <summary>Keeps a notification with its deliveries in the caller's transaction.</summary>
    /// <returns>False: its key is taken.</returns>
    public async ValueTask<bool> StoreAsync(IUnitOfWork unit, NotificationRow row, IReadOnlyList<NotificationTarget> targets, IReadOnlyList<MissingRecipient> missing, string? content)
    {
        if (await store.AddAsync(unit, row) is not { } seq) return false;
        var (due, digest) = row.Test ? (null, false) : hours.DueOf(row.Urgency, clock.GetUtcNow());
        for (var i = 0; i < targets.Count; i++)
        {
            var target = targets[i];
            await store.AddAsync(unit, new DeliveryRow
            {
                Notification = seq, Position = i, App = row.App, Recipient = target.Recipient.GetRawText(), TargetType = target.Type, Target = target.Id, Person = target.Person,
                State = due is null ? DeliveryStates.Queued : DeliveryStates.Waiting, DueAt = due, Digest = digest, Face = row.Face,
                OutboxId = due is null ? await outbox.QueueAsync(unit, row, CardSynchronizer.KeyOf(row, i), CardSynchronizer.Message(row, target.Type, target.Id, content!)) : null,
            });
        }

        for (var i = 0; i < missing.Count; i++)
        {
            await store.AddAsync(unit, new DeliveryRow
            {
                Notification = seq, Position = targets.Count + i, App = row.App, Recipient = missing[i].Named.Json.GetRawText(), TargetType = "", Target = "",
                State = DeliveryStates.Unknown, Reason = missing[i].Reason, Face = row.Face,
            });
        }

        return true;
    }

    /// <summary>The card of a notification.</summary>
    /// <exception cref="RequestRefusedException">The platform has none of it.</exception>
    public CompiledCard Compile(NotificationRow row)
    {
        try
        {
            return faces.Compile(row);
        }
        catch (ArgumentException e)
        {
            throw RequestRefusedException.Impossible("bad_card", "/variables", $"No card can be made of it: {e.Message}");
        }
        catch (RequestRefusedException e)
        {
            throw RequestRefusedException.Impossible("bad_card", "/variables", $"No card can be made of it: {e.Message} ({e.Pointer})");
        }
    }

    private async Task<NotificationRow> StoreAsync(NotificationRow row, IReadOnlyList<NotificationTarget> targets, IReadOnlyList<MissingRecipient> missing, CompiledCard? card, CancellationToken cancellation)
    {
        await database.TransactAsync(unit => StoreAsync(unit, row, targets, missing, card?.Content), cancellation);
        // Somebody may have been faster under the same key.
        return Same(await database.ReadAsync(sql => store.FindByKeyAsync(sql, row.App, row.CallerKey), cancellation), row.BodyHash)
            ?? throw new StorageUnavailableException("The notification that was just stored is not there.");
    }

    private static NotificationRow? Same(NotificationRow? before, string hash) => before is null || before.BodyHash == hash ? before
        : throw new RequestRefusedException(StatusCodes.Status409Conflict, "key_in_use", null, $"Another notification was sent under this key before (id {before.Id}).");

    private NotificationRow Row(NotificationDraft draft, string state, string model) => new()
    {
        Id = NewId(), App = draft.App.Name, Event = draft.Type.Name, Subject = draft.Subject, CallerKey = draft.Key,
        BodyHash = draft.BodyHash, RequestedBy = draft.Caller.Who.Name, Owner = draft.Caller.Owner,
        State = state, Test = draft.Test, Urgency = draft.Type.Urgency, Model = model, Webhook = draft.Webhook, CreatedAt = clock.GetUtcNow(),
    };

    private async Task<IReadOnlyList<string>> ApproversAsync(NotificationDraft draft, IReadOnlyList<Addressee> found, CancellationToken cancellation)
    {
        var people = found.Select(f => f.Person).OfType<PlatformPerson>();
        if (draft.Approvers is { } named)
        {
            var (approvers, missing) = await recipients.FindAsync(draft.App, named, cancellation);
            if (missing.Count > 0) throw Unknown(missing[0]);
            people = approvers.Select(a => a.Person ?? throw RequestRefusedException.Impossible("bad_approver", a.Named.Pointer, "A chat decides nothing: name people, a department or a role."));
        }

        string[] ids = [.. people.SelectMany(p => p.Ids).Distinct(StringComparer.Ordinal)];
        return ids.Length > 0 ? ids : throw RequestRefusedException.Impossible("no_approvers", "/decision/approvers", "A chat gets the card, and nobody is named who may decide on it.");
    }

    private async Task<Addressee> OneAsync(FeishuApp app, Recipient named, CancellationToken cancellation)
    {
        var (found, missing) = await recipients.FindAsync(app, [named], cancellation);
        return missing.Count > 0 ? throw Unknown(missing[0]) : found[0];
    }

    /// <summary>People among the variables by their names; who has none that may be seen stays as they were named.</summary>
    private async Task<IReadOnlyDictionary<string, NotificationValue>> NamedAsync(NotificationDraft draft, CancellationToken cancellation)
    {
        var people = draft.Values.Where(v => v.Value.Person is not null).ToArray();
        if (people.Length == 0) return draft.Values;
        var matches = await directory.FindAsync(draft.App, [.. people.Select(p => p.Value.Person!.Address!.Value)], cancellation);
        var values = new Dictionary<string, NotificationValue>(draft.Values, StringComparer.Ordinal);
        for (var i = 0; i < people.Length; i++)
        {
            if (matches[i].Person?.Names is { } names) values[people[i].Key] = new NotificationValue(names);
        }

        return values;
    }

    private static NotificationTarget Target(Addressee addressee) => new(addressee.TargetType, addressee.Target, addressee.Person, addressee.Named.Json);

    private static RequestRefusedException Unknown(MissingRecipient missing) =>
        RequestRefusedException.Impossible("unknown_recipient", missing.Named.Pointer, $"{missing.Named.Json.GetRawText()} is {missing.Reason}. Nothing was sent.");
}
