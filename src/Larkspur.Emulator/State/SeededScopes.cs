using System.Collections.Immutable;

namespace Larkspur.Emulator.State;

/// <summary>What the seeded app may do: everything, or what a well-set-up company grants to a bot that talks, notifies and asks for approvals.</summary>
public static class SeededScopes
{
    /// <summary>The variable that chooses: <c>all</c> (default) or <c>lean</c>.</summary>
    public const string Variable = "LARKSPUR_EMULATOR_FEISHU_SCOPES";

    /// <summary>Names of the catalogue. Notices and payments run on the first four; each of the others opens one thing more.</summary>
    public static readonly ImmutableHashSet<string> Lean =
    [
        "im:message:send_as_bot", "contact:user.id:readonly", "approval:approval:readonly", "approval:instance",
        // Conversation, alone and in groups.
        "im:message.p2p_msg:readonly", "im:message.group_at_msg:readonly", "contact:contact.base:readonly", "contact:user.base:readonly", "contact:user.employee_id:readonly",
        // History, files, groups, reactions, streaming.
        "im:message:readonly", "im:resource", "im:chat", "im:message.reactions:write_only", "im:message.urgent:app_send", "cardkit:card:write",
        // People by number, department and role.
        "contact:user.employee_number:read", "contact:functional_role:readonly",
        // Documents that the assistant reads, and answers that become documents; departments in departments.
        "docx:document:readonly", "docs:permission.setting:read", "docs:permission.member:retrieve", "drive:drive.metadata:readonly", "wiki:node:read", "wiki:space:read", "wiki:member:retrieve",
        "docx:document:create", "docx:document:write_only", "docs:permission.member:create", "contact:user.department:readonly", "contact:department.organize:readonly",
        // Lists of instances, what becomes of definitions, comments, and the app itself.
        "approval:approval.list:readonly", "approval:definition", "approval:instance.comment", "application:application:self_manage",
        // Tables that systems read and write, and that are kept equal with their own data.
        "base:app:read", "base:table:read", "base:field:read", "base:record:read", "base:record:retrieve", "base:record:create",
        "base:record:update", "base:record:delete", "docs:event:subscribe",
        // What people let the bot look at in their own name: their day, and what waits for their approval.
        "calendar:calendar:readonly", "approval:task:read", "offline_access", "auth:user_access_token:read",
    ];

    /// <summary>The scopes for the variable's value; null: every scope.</summary>
    /// <exception cref="InvalidOperationException">It is neither of the two words.</exception>
    public static ImmutableHashSet<string>? Of(string? value) => value?.Trim().ToLowerInvariant() switch
    {
        null or "" or "all" => null,
        "lean" => Lean,
        _ => throw new InvalidOperationException($"{Variable} must be all or lean."),
    };
}
