using Larkspur.Gateway.Apps.Feishu;

namespace Larkspur.Gateway.Messages;

/// <summary>What a bot can say, change and take back, over REST.</summary>
internal static class MessageServices
{
    public static void AddMessages(this IServiceCollection services)
    {
        services.AddGroupEvents();
        services.AddSingleton<MessageQueue>();
        services.AddSingleton<PlatformCalls>();
        services.AddSingleton<MessageOwners>();
        services.AddSingleton<MessageTargets>();
        services.AddSingleton<RobotMessages>();
        services.AddSingleton<SendEndpoints>();
        services.AddSingleton<ChangeEndpoints>();
        services.AddSingleton<MarkEndpoints>();
        services.AddSingleton<ReadEndpoints>();
        services.AddSingleton<ChatEndpoints>();
        services.AddSingleton<UploadPlaces>();
        services.AddSingleton<UploadEndpoints>();
    }

    public static void MapMessages(this IEndpointRouteBuilder api)
    {
        SendEndpoints.Map(api);
        ChangeEndpoints.Map(api);
        MarkEndpoints.Map(api);
        ReadEndpoints.Map(api);
        ChatEndpoints.Map(api);
        UploadEndpoints.Map(api);
    }
}
