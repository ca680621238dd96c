using System.Collections.Frozen;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>What a refusal of the messaging APIs means to a program. The words for people are the SDK's (<see cref="Larkspur.Feishu.FeishuExplanation"/>).</summary>
/// <param name="Word">It does not change.</param>
/// <param name="Status">The HTTP status that says it.</param>
internal sealed record MessageRefusal(string Word, int Status)
{
    /// <summary>What is wrong is the receiver, the message that is answered, or what the bot may do there: other words would be refused as well.</summary>
    public bool AboutReceiver { get; init; }

    /// <summary>The words themselves must not be said, in whatever form.</summary>
    public bool Forbidden { get; init; }
}

/// <summary>The refusals that people meet. Source: the error lists of <c>im/v1</c> (catalogue/feishu/endpoints/im-v1.json).</summary>
internal static class MessageRefusals
{
    private static readonly FrozenDictionary<int, MessageRefusal> Known = new Dictionary<int, MessageRefusal>
    {
        [230001] = new("bad_parameter", 422),
        [230002] = There("bot_not_in_chat", 403),
        [230006] = There("bot_ability_off", 403),
        [230009] = There("recall_window_passed", 409),
        [230011] = There("message_recalled", 409),
        [230012] = There("not_own_message", 403),
        [230013] = There("person_out_of_reach", 403),
        [230017] = new("foreign_resource", 422),
        [230018] = There("chat_settings_forbid", 403),
        [230019] = There("thread_not_found", 404),
        [230020] = There("rate_limited", 429),
        [230022] = new("sensitive_content", 422) { Forbidden = true },
        [230023] = There("too_many_urgent", 409),
        [230024] = There("urgent_quota", 409),
        [230025] = new("content_too_large", 422),
        [230026] = There("not_own_message", 403),
        [230027] = There("missing_app_scope", 403),
        [230028] = new("audit_refused", 422) { Forbidden = true },
        [230029] = There("person_resigned", 403),
        [230031] = There("too_old_to_change", 409),
        [230033] = There("too_old_to_ask", 409),
        [230034] = There("receiver_not_found", 404),
        [230035] = There("may_not_speak", 403),
        [230036] = There("tenant_key_deleted", 409),
        [230038] = There("other_tenant", 403),
        [230045] = There("chat_not_found", 404),
        [230046] = There("may_not_pin", 403),
        [230050] = There("message_not_visible", 404),
        [230052] = There("cannot_be_urgent", 409),
        [230053] = There("bot_muted", 403),
        [230054] = new("type_not_supported_there", 422),
        [230055] = new("file_type_mismatch", 422),
        [230061] = There("cannot_be_forwarded", 409),
        [230062] = There("cannot_be_forwarded", 409),
        [230063] = There("receiver_not_found", 404),
        [230064] = There("message_not_found", 404),
        [230065] = There("message_recalled", 409),
        [230066] = There("cannot_be_forwarded", 409),
        [230067] = There("cannot_be_forwarded", 409),
        [230069] = There("different_chats", 422),
        [230070] = There("cannot_be_forwarded", 409),
        [230071] = There("not_own_message", 403),
        [230072] = There("edited_too_often", 409),
        [230073] = There("chat_settings_forbid", 403),
        [230074] = There("chat_settings_forbid", 403),
        [230075] = There("edit_window_passed", 409),
        [230098] = There("cannot_be_urgent", 409),
        [230099] = new("card_refused", 422),
        [230110] = There("message_deleted", 409),
        [230111] = There("message_self_destructs", 409),
        [231001] = new("unknown_emoji", 422),
        [231002] = There("may_not_react", 403),
        [231003] = There("message_not_found", 404),
        [231004] = There("chat_not_found", 404),
        [231007] = There("not_own_reaction", 403),
        [231010] = There("reaction_not_found", 404),
        [231011] = There("reaction_not_found", 404),
        [231018] = There("message_not_visible", 404),
        [232006] = There("chat_not_found", 404),
        [232009] = There("chat_disbanded", 409),
        [232010] = There("other_tenant", 403),
        [232011] = There("bot_not_in_chat", 403),
        [232025] = There("bot_ability_off", 403),
        [234003] = There("resource_not_found", 404),
        [234004] = There("bot_not_in_chat", 403),
        [234006] = new("file_too_large", 422),
        [234008] = There("not_own_upload", 403),
        [234010] = new("empty_file", 422),
        [234011] = new("bad_image", 422),
        [234037] = There("resource_too_large", 422),
        [234038] = There("chat_settings_forbid", 403),
        [234039] = new("image_resolution", 422),
        [234043] = There("no_resource", 422),
    }.ToFrozenDictionary();

    /// <summary>What is known of a code, or null.</summary>
    public static MessageRefusal? Find(int code) => Known.GetValueOrDefault(code);

    /// <summary>Another message to the same receiver would be refused as well.</summary>
    public static bool IsAboutReceiver(int code) => Find(code) is { AboutReceiver: true };

    private static MessageRefusal There(string word, int status) => new(word, status) { AboutReceiver = true };
}
