namespace Larkspur.Emulator.DingTalk.StreamMode;

/// <summary>What the console has enabled for the application.</summary>
internal static class StreamTopics
{
    public const string RobotMessage = "/v1.0/im/bot/messages/get";
    public const string CardCallback = "/v1.0/card/instances/callback";
    public const string Graph = "/v1.0/graph/api/invoke";

    public static bool IsEnabled(StreamSubscription subscription) => subscription switch
    {
        { Type: StreamFrame.Event } => subscription.Topic == "*",
        { Type: StreamFrame.Callback } => subscription.Topic is RobotMessage or CardCallback or Graph,
        // Official clients name their handlers of ping and disconnect too.
        { Type: StreamFrame.System } => true,
        _ => false,
    };
}
