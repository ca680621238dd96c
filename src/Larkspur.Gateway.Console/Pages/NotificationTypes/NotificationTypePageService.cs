using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Notifications;
using Larkspur.Gateway.People;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Console.Pages.NotificationTypes;

/// <summary>Notification types in the console: judged while they are edited, saved, switched, and tried with one person.</summary>
internal sealed class NotificationTypePageService(NotificationTypeRegistry types, TemplatePreview rehearsal, IntegrationGuard gate, ISettings settings, PlatformCalls calls, AuditTrail audit)
{
    private static readonly string[] Fields = ["title", "description", "variables", "template", "recipients", "decision", "quiet_hours", "enabled"];

    /// <summary>The integration is on: cards can be sent.</summary>
    public bool IsOn => gate.IsOpen;

    public Task<IReadOnlyList<NotificationType>> ListAsync(CancellationToken cancellation) => types.AllAsync(cancellation);

    public Task<NotificationType?> FindAsync(string name, CancellationToken cancellation) => types.FindAsync(name, cancellation);

    /// <summary>Notifications of it are sent.</summary>
    public bool IsSent(NotificationType type) => type.IsOn(settings.Now);

    /// <summary>Its switch can be turned here: the environment does not hold it.</summary>
    public bool CanSwitch(NotificationType type) => type.Switch is not { } key || settings.Now[key].Source != SettingSource.Environment;

    /// <summary>What a draft makes, and what is wrong with it.</summary>
    public PreviewedType Look(string name, TypeDraft draft)
    {
        var findings = new List<TypeFinding>();
        if (draft.Definition(findings) is not { } definition) return new PreviewedType(null, null, findings);
        try
        {
            var type = types.Judge(name, definition);
            var sight = rehearsal.Look(type, null);
            findings.AddRange(sight.Findings.Select(f => Finding("/template", f.Rule, f.Message, f.Fix) with { Place = "", IsWarning = true }));
            findings.AddRange(sight.Card.Notes.Select(note => new TypeFinding("template", "", note, null) { IsWarning = true }));
            return new PreviewedType(type, sight.Message, findings);
        }
        catch (RequestRefusedException e)
        {
            return new PreviewedType(null, null, [.. Findings(e)]);
        }
    }

    /// <summary>Keeps a draft.</summary>
    /// <returns>What keeps it from being one; empty: it is kept.</returns>
    public async Task<IReadOnlyList<TypeFinding>> SaveAsync(Actor who, string name, TypeDraft draft, CancellationToken cancellation)
    {
        var findings = new List<TypeFinding>();
        if (draft.Definition(findings) is not { } definition) return findings;
        try
        {
            await types.SaveAsync(new KeyGrant(who), name, definition, cancellation);
            return [];
        }
        catch (RequestRefusedException e)
        {
            return [.. Findings(e)];
        }
    }

    public Task<bool> DeleteAsync(Actor who, string name, CancellationToken cancellation) => types.DeleteAsync(new KeyGrant(who), name, cancellation);

    /// <summary>Turns a type on or off: the setting of a built-in one, the definition of another.</summary>
    /// <exception cref="RequestRefusedException">There is no such type any more.</exception>
    /// <exception cref="SettingRefusedException">The environment holds the setting.</exception>
    public async Task SwitchAsync(Actor who, string name, bool on, CancellationToken cancellation)
    {
        var type = await types.FindAsync(name, cancellation) ?? throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", null, "There is no notification type of this name.");
        if (type.Switch is { } key)
        {
            await settings.ChangeAsync(who, new Dictionary<string, string?> { [key] = on ? "true" : "false" }, cancellation);
            return;
        }

        await types.SaveAsync(new KeyGrant(who), name, (TypeDraft.Of(type.Definition, switched: false) with { Enabled = on }).Definition([])!.Value, cancellation);
    }

    /// <summary>Sends a draft's card to one person.</summary>
    /// <param name="who">Who tries.</param>
    /// <param name="type">What the draft makes.</param>
    /// <param name="email">Their work mail address.</param>
    /// <param name="key">Names the trial: a click that comes twice sends one card.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The notification's id.</returns>
    /// <exception cref="RequestRefusedException">Nobody has this address, or the integration is off.</exception>
    public async Task<string> TestAsync(Actor who, NotificationType type, string email, string key, CancellationToken cancellation)
    {
        var recipient = Recipient.Of(new RecipientBody(email), "/recipient");
        var sent = await rehearsal.SendAsync(type, calls.App(null), recipient, null, "console:" + key, key, new KeyGrant(who), cancellation);
        await audit.AddAsync(who, "notification.test_sent", sent.Id, new JsonObject { ["type"] = type.Name, ["to"] = email }, cancellation: cancellation);
        return sent.Id;
    }

    /// <summary>Sends the card of a type as it is kept to one person.</summary>
    /// <returns>The notification's id.</returns>
    /// <exception cref="RequestRefusedException">There is no such type any more, nobody has this address, or the integration is off.</exception>
    public async Task<string> TestKeptAsync(Actor who, string name, string email, string key, CancellationToken cancellation) =>
        await TestAsync(who, await types.FindAsync(name, cancellation)
            ?? throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", null, "There is no notification type of this name."), email, key, cancellation);

    private static IEnumerable<TypeFinding> Findings(RequestRefusedException e) => e.Findings is { Count: > 0 } findings ? findings.Select(f => Finding(f.Pointer, f.Rule, f.Message, f.Fix))
        : [At(e.Pointer ?? "", RefusalTexts.Of(e), null)];

    private static TypeFinding Finding(string pointer, string rule, string message, string fix) =>
        At(pointer, FindingTexts.Of(rule, message), FindingTexts.FixOf(rule, fix));

    private static TypeFinding At(string pointer, LocalText message, LocalText? fix)
    {
        var field = pointer.TrimStart('/').Split('/')[0];
        var known = Fields.Contains(field);
        return new TypeFinding(known ? field : "", known ? pointer[(field.Length + 1)..] : "", message, fix);
    }
}

/// <summary>A draft as it stands.</summary>
/// <param name="Type">The type that it makes; null: none.</param>
/// <param name="Message">What its card says; null: there is none.</param>
/// <param name="Findings">What is wrong with it.</param>
internal sealed record PreviewedType(NotificationType? Type, CardMessage? Message, IReadOnlyList<TypeFinding> Findings)
{
    public IEnumerable<TypeFinding> Of(string field) => Findings.Where(f => f.Field == field);

    /// <summary>What is wrong with a field of JSON, as its editor takes marks.</summary>
    public string Marks(string field, string text)
    {
        if (!Of(field).Any()) return "";
        var source = Larkspur.Feishu.Cards.CardSource.Of(text);
        return string.Join(',', Of(field).Select(f =>
            $"{f.Line ?? source.LineOf(f.Place)}:{(f.IsWarning ? "warning" : "error")}").Distinct());
    }
}
