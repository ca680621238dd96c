using System.Globalization;
using System.Text.Json;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>Tells business systems who joined, changed and left, and of departments: queued in the transaction that changes them.</summary>
internal sealed class DirectoryWebhooks(IWebhookEndpoints webhooks, IOutbox outbox)
{
    public const string Joined = "person.joined";
    public const string Changed = "person.changed";
    public const string Left = "person.left";
    public const string DepartmentMade = "department.created";
    public const string DepartmentChanged = "department.changed";
    public const string DepartmentGone = "department.removed";

    /// <summary>Of a person; of one who left, with how much is there to take over.</summary>
    public async ValueTask TellAsync(IUnitOfWork unit, ImportScope scope, string type, string person,
        IReadOnlyDictionary<string, string> fields, IReadOnlyList<FieldChange> differences, DateTimeOffset now,
        IReadOnlyDictionary<string, int>? handover = null)
    {
        if (!Hearing(type, scope).Any()) return;
        await QueueAsync(unit, scope, type, "person:" + person, WebhookData.Of(json =>
        {
            json.WriteString("person", person);
            WriteOrigin(json, scope, now);
            json.WriteStartObject("fields");
            foreach (var (name, value) in fields.OrderBy(f => f.Key, StringComparer.Ordinal)) json.WriteString(name, value);
            json.WriteEndObject();
            Write(json, differences);
            if (handover is null) return;
            json.WriteStartObject("handover");
            foreach (var (kind, count) in handover) json.WriteNumber(kind, count);
            json.WriteEndObject();
        }));
    }

    /// <summary>Of a department.</summary>
    public async ValueTask TellAsync(IUnitOfWork unit, ImportScope scope, string type, DirectoryDepartment department,
        IReadOnlyList<FieldChange> differences, DateTimeOffset now)
    {
        if (!Hearing(type, scope).Any()) return;
        await QueueAsync(unit, scope, type, "department:" + department.Key, WebhookData.Of(json =>
        {
            json.WriteString("department", department.Key);
            WriteOrigin(json, scope, now);
            json.WriteString("name", department.Name);
            json.WriteString("parent", department.Parent);
            Write(json, differences);
        }));
    }

    private IEnumerable<WebhookEndpoint> Hearing(string type, ImportScope scope) =>
        webhooks.All.Where(w => w.Wants(type) && w.Takes(scope.Directory.App));

    private async ValueTask QueueAsync(IUnitOfWork unit, ImportScope scope, string type, string lane, string data)
    {
        foreach (var webhook in Hearing(type, scope))
        {
            // Each change is one event: the transaction that makes it is there once or not at all.
            var key = $"directory:{Guid.NewGuid():N}";
            var message = OutboxMessage.ToWebhookEndpoint(webhook.Name, type, data, lane) with { Owner = webhook.Owner };
            await outbox.QueueAsync(unit, new QueuedMessage(OutboxScope.WebhookPlatform, scope.Directory.App, key, message));
        }
    }

    private static void WriteOrigin(Utf8JsonWriter json, ImportScope scope, DateTimeOffset now)
    {
        json.WriteString("platform", scope.Directory.Platform);
        json.WriteString("app", scope.Directory.App);
        json.WriteString("run", scope.Run == 0 ? null : scope.Run.ToString(CultureInfo.InvariantCulture));
        json.WriteString("at", WebhookData.Time(now));
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<FieldChange> differences)
    {
        json.WriteStartArray("changes");
        foreach (var (name, from, to) in differences)
        {
            json.WriteStartObject();
            json.WriteString("field", name);
            json.WriteString("from", from);
            json.WriteString("to", to);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
