using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.Feishu.Robots;
using Larkspur.Gateway.Robots;

namespace Larkspur.Gateway.Platforms.Feishu.Sending;

/// <summary>Registers what sends to Feishu, and how messages of any kind are sent there. Capabilities register operations of their own.</summary>
internal static class FeishuSending
{
    public static IServiceCollection AddFeishuSending(this IServiceCollection services) => services
        .AddSingleton<FeishuOperations>()
        .AddSingleton<IChannel, FeishuChannel>()
        .AddSingleton<IRobotPlatform, FeishuRobots>()
        .AddSingleton<IAnswerCardCheck, FeishuCardCheck>()
        .AddFeishuOperation<SendMessage>()
        .AddFeishuOperation<ReplyToMessage>()
        .AddFeishuOperation<SendPicture>()
        .AddFeishuOperation<PatchMessage>()
        .AddFeishuOperation<ForwardMessage>()
        .AddFeishuOperation<MergeForwardMessages>()
        .AddFeishuOperation<RecallMessage>()
        .AddFeishuOperation<UpdateClickedCard>();
}
