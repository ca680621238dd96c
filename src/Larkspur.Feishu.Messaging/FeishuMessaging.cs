using Larkspur.Feishu.Messaging;

namespace Larkspur.Feishu;

/// <summary>What a bot says and does in chats, as members of the client: <c>feishu.Messages</c>, <c>feishu.Chats</c>, <c>feishu.Uploads</c>.</summary>
public static class FeishuMessaging
{
    extension(FeishuClient feishu)
    {
        /// <summary>Messages: send, reply, forward, edit, recall, read, react, pin, urge.</summary>
        public FeishuMessages Messages => new(feishu);

        /// <summary>Groups: list, make, change, members, announcement.</summary>
        public FeishuChats Chats => new(feishu);

        /// <summary>Images, files, sound and video, to be sent by their keys afterwards.</summary>
        public FeishuUploads Uploads => new(feishu);
    }
}
