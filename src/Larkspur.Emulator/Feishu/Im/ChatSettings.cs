using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>A group's settings on the wire: their defaults, and what a call changes of them.</summary>
internal static class ChatSettings
{
    private static readonly (string Name, string Default)[] Known =
    [
        ("add_member_permission", "all_members"), ("share_card_permission", "allowed"), ("at_all_permission", "all_members"), ("edit_permission", "all_members"),
        ("group_message_type", "chat"), ("join_message_visibility", "all_members"), ("leave_message_visibility", "all_members"),
        ("membership_approval", "no_approval_required"), ("urgent_setting", "all_members"), ("video_conference_setting", "all_members"),
        ("hide_member_count_setting", "all_members"),
    ];

    public static string Of(Chat chat, string name) => chat.Settings.GetValueOrDefault(name) ?? Array.Find(Known, k => k.Name == name).Default;

    public static IEnumerable<(string Name, string Value)> All(Chat chat) => Known.Select(k => (k.Name, Of(chat, k.Name)));

    public static ImmutableDictionary<string, string> Merge(ImmutableDictionary<string, string> settings, JsonObject body)
    {
        foreach (var (name, _) in Known)
        {
            if (MessageContentReader.Str(body, name) is { Length: > 0 } value) settings = settings.SetItem(name, value);
        }

        return settings;
    }

    public static RestrictedMode Merge(RestrictedMode present, JsonNode? given)
    {
        if (given is not JsonObject o) return present;
        string Or(string name, string old) => MessageContentReader.Str(o, name) ?? old;
        return new RestrictedMode(
            o["status"] is JsonValue v && v.TryGetValue<bool>(out var on) ? on : present.Status, Or("screenshot_has_permission_setting", present.Screenshot),
            Or("download_has_permission_setting", present.Download), Or("message_has_permission_setting", present.Message));
    }

    public static JsonObject Show(RestrictedMode mode) => new()
    {
        ["status"] = mode.Status, ["screenshot_has_permission_setting"] = mode.Screenshot,
        ["download_has_permission_setting"] = mode.Download, ["message_has_permission_setting"] = mode.Message,
    };
}
