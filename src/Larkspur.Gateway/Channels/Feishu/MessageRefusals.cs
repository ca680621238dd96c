using System.Collections.Frozen;

namespace Larkspur.Gateway.Channels.Feishu;

/// <summary>What a refusal of the messaging APIs means, for a program and for a person.</summary>
/// <param name="Word">For programs; it does not change.</param>
/// <param name="Status">The HTTP status that says it.</param>
/// <param name="Sentence">For people.</param>
internal sealed record MessageRefusal(string Word, int Status, string Sentence)
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
        [230001] = new("bad_parameter", 422, "The platform found a parameter or the content invalid."),
        [230002] = There("bot_not_in_chat", 403, "The bot is not a member of the chat. Add it to the group first."),
        [230006] = There("bot_ability_off", 403, "The app's bot ability is switched off in the developer console."),
        [230009] = There("recall_window_passed", 409, "The message is too old to be recalled: the company's administrator has set how long that is possible."),
        [230011] = There("message_recalled", 409, "The message was recalled."),
        [230012] = There("not_own_message", 403, "The message was not sent by this bot."),
        [230013] = There("person_out_of_reach", 403, "The person is outside the app's availability: an administrator decides who can use the app."),
        [230017] = new("foreign_resource", 422, "The image or file was uploaded by another app. Upload it with this one."),
        [230018] = There("chat_settings_forbid", 403, "The group's settings do not allow it."),
        [230019] = There("thread_not_found", 404, "The thread does not exist."),
        [230020] = There("rate_limited", 429, "The chat, the person or the message gets more than it takes: 5 a second."),
        [230022] = new("sensitive_content", 422, "The platform found sensitive words in it.") { Forbidden = true },
        [230023] = There("too_many_urgent", 409, "The person has too many urgent messages unread."),
        [230024] = There("urgent_quota", 409, "The company's allowance for urgent messages is used up."),
        [230025] = new("content_too_large", 422, "The content is longer than the platform takes: 150 KB for text, 30 KB for cards and post."),
        [230026] = There("not_own_message", 403, "The bot may not recall this message: it is another's, and the bot is neither the group's owner nor its administrator."),
        [230027] = There("scope_missing", 403, "The app lacks a permission for it."),
        [230028] = new("audit_refused", 422, "The company's data loss prevention does not let it pass.") { Forbidden = true },
        [230029] = There("person_resigned", 403, "The person has left the company."),
        [230031] = There("too_old_to_change", 409, "A card can be changed for 14 days after it was sent."),
        [230033] = There("too_old_to_ask", 409, "Who has read a message can be asked for 7 days."),
        [230034] = There("receiver_not_found", 404, "There is no such receiver."),
        [230035] = There("may_not_speak", 403, "The bot may not send to this chat: somebody has restricted who speaks there."),
        [230036] = There("tenant_key_deleted", 409, "The company's encryption key was deleted."),
        [230038] = There("other_tenant", 403, "The person belongs to another company."),
        [230045] = There("chat_not_found", 404, "There is no such chat."),
        [230046] = There("may_not_pin", 403, "The bot may not pin messages in this chat."),
        [230050] = There("message_not_visible", 404, "The bot cannot see this message."),
        [230052] = There("cannot_be_urgent", 409, "This message cannot be made urgent."),
        [230053] = There("bot_muted", 403, "The person has stopped the bot from sending messages."),
        [230054] = new("type_not_supported_there", 422, "This type of message cannot be sent or changed there."),
        [230055] = new("file_type_mismatch", 422, "The file was uploaded as another type than the message's."),
        [230061] = There("cannot_be_forwarded", 409, "A message of this type cannot be forwarded."),
        [230062] = There("cannot_be_forwarded", 409, "It cannot be forwarded into a group with third-party encryption."),
        [230063] = There("receiver_not_found", 404, "The chat to forward to does not exist."),
        [230064] = There("message_not_found", 404, "The message to forward does not exist."),
        [230065] = There("message_recalled", 409, "The message to forward was recalled."),
        [230066] = There("cannot_be_forwarded", 409, "Messages of a secret group cannot be forwarded."),
        [230067] = There("cannot_be_forwarded", 409, "These messages cannot be forwarded together."),
        [230069] = There("different_chats", 422, "The messages to forward together are of different chats."),
        [230070] = There("cannot_be_forwarded", 409, "Messages of a chat in restricted mode cannot be forwarded."),
        [230071] = There("not_own_message", 403, "Only the sender can edit a message."),
        [230072] = There("edited_too_often", 409, "A message can be edited 20 times."),
        [230073] = There("chat_settings_forbid", 403, "Messages of this group cannot be edited or seen."),
        [230074] = There("chat_settings_forbid", 403, "Messages of this group cannot be edited or seen."),
        [230075] = There("edit_window_passed", 409, "The message is too old to be edited: the company's administrator has set how long that is possible."),
        [230098] = There("cannot_be_urgent", 409, "The message is folded and cannot be made urgent."),
        [230099] = new("card_refused", 422, "The platform could not make the card."),
        [230110] = There("message_deleted", 409, "The message was deleted."),
        [230111] = There("message_self_destructs", 409, "The message will destroy itself soon."),
        [231001] = new("unknown_emoji", 422, "There is no such reaction. The emoji_type is a word like SMILE or DONE."),
        [231002] = There("may_not_react", 403, "The bot may not react to this message."),
        [231003] = There("message_not_found", 404, "The message does not exist."),
        [231004] = There("chat_not_found", 404, "There is no such chat."),
        [231007] = There("not_own_reaction", 403, "The reaction is another's."),
        [231010] = There("reaction_not_found", 404, "There is no such reaction on this message."),
        [231011] = There("reaction_not_found", 404, "There is no such reaction on this message."),
        [231018] = There("message_not_visible", 404, "The bot cannot see this message."),
        [232006] = There("chat_not_found", 404, "There is no such chat."),
        [232009] = There("chat_disbanded", 409, "The chat was disbanded."),
        [232010] = There("other_tenant", 403, "The chat belongs to another company."),
        [232011] = There("bot_not_in_chat", 403, "The bot is not a member of the chat. Add it to the group first."),
        [232025] = There("bot_ability_off", 403, "The app's bot ability is switched off in the developer console."),
        [234003] = There("resource_not_found", 404, "The file is not in this message."),
        [234004] = There("bot_not_in_chat", 403, "The bot is not a member of the chat. Add it to the group first."),
        [234006] = new("file_too_large", 422, "The file is larger than the platform takes: 10 MB for images, 30 MB for files."),
        [234008] = There("not_own_upload", 403, "The file was uploaded by another app."),
        [234010] = new("empty_file", 422, "The file is empty."),
        [234011] = new("bad_image", 422, "The platform does not know this image format."),
        [234037] = There("resource_too_large", 422, "The file is larger than 100 MB, which is what the platform lets apps download."),
        [234038] = There("chat_settings_forbid", 403, "Files of a chat in restricted mode cannot be downloaded."),
        [234039] = new("image_resolution", 422, "The image has too many pixels: 12000 by 12000 at most, 2000 by 2000 for GIF."),
        [234043] = There("no_resource", 422, "Files of this type of message cannot be downloaded."),
    }.ToFrozenDictionary();

    /// <summary>What is known of a code, or null.</summary>
    public static MessageRefusal? Find(int code) => Known.GetValueOrDefault(code);

    /// <summary>Another message to the same receiver would be refused as well.</summary>
    public static bool IsAboutReceiver(int code) => Find(code) is { AboutReceiver: true };

    private static MessageRefusal There(string word, int status, string sentence) => new(word, status, sentence) { AboutReceiver = true };
}
