using Microsoft.OpenApi;

namespace Larkspur.Gateway.Api;

/// <summary>Groups of operations in the description, by the first step of their addresses.</summary>
internal static class ApiTags
{
    private static readonly (string Tag, string Meaning, string[] Steps)[] Known =
    [
        ("Messages", "Send messages and cards, read, change and take them back", ["messages", "cards", "uploads", "streams"]),
        ("Robots", "Group robots of all platforms: each writes into one group", ["robots"]),
        ("Chats", "Groups that the bot is in: members, announcements", ["chats"]),
        ("Notifications", "Business notices with decisions, and their types", ["notifications", "notification-types"]),
        ("Payments", "Payments that are approved on the platform", ["payments"]),
        ("Approvals", "Approval definitions, instances, tasks, and approvals that another system decides", ["approvals"]),
        ("Commands", "Commands of the bot that business systems answer", ["commands"]),
        ("Tables", "Bases of Bitable that are opened to business systems: fields and records", ["tables"]),
        ("Syncs", "Tables that are kept equal with a company's own data, both ways", ["syncs", "sync-connections"]),
        ("People", "Who is who on all platforms, roles, and who may use what", ["people", "permissions", "directory",
            "departments", "scim-targets"]),
        ("Sign-in", "How people sign in, and to what: identity providers, and systems behind the OpenID provider",
            ["identity-providers", "oidc"]),
        ("Authorizations", "What people let others do on their platform in their own name", ["authorizations"]),
        ("Web chat", "Sessions of the chat that your own pages embed", ["web-chat"]),
        ("Webhooks", "Where events and decisions are posted to, and what became of each", ["webhooks", "deliveries"]),
        ("Operations", "What came in and what went out, dead letters, schedules, quota, state", ["inbox", "outbox", "events", "schedules",
            "quota", "status", "connections", "doctor"]),
        ("Administration", "Settings, API keys and the audit log", ["settings", "api-keys", "audit"]),
    ];

    /// <summary>Gives each operation its group.</summary>
    /// <exception cref="InvalidOperationException">An address is in no group.</exception>
    public static void Set(OpenApiDocument document)
    {
        document.Tags = new HashSet<OpenApiTag>(Known.Select(tag => new OpenApiTag { Name = tag.Tag, Description = tag.Meaning }));
        foreach (var (path, item) in document.Paths)
        {
            var tag = Of(path);
            foreach (var operation in item.Operations?.Values.AsEnumerable()
                ?? []) operation.Tags = new HashSet<OpenApiTagReference> { new(tag, document) };
        }
    }

    private static string Of(string path)
    {
        var step = path.Split('/') is ["", "api", "v1", var first, ..] ? first : "";
        return Known.FirstOrDefault(tag => tag.Steps.Contains(step)).Tag
            ?? throw new InvalidOperationException($"{path} is in no group of the description: name its first step in {nameof(ApiTags)}.");
    }
}
