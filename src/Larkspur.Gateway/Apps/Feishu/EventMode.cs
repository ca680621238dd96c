namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>How an app's events and card callbacks reach the gateway.</summary>
internal enum EventMode
{
    /// <summary>The platform calls the gateway's address.</summary>
    Webhook = 0,

    /// <summary>The gateway opens a WebSocket to the platform; it needs no address of its own.</summary>
    LongConnection = 1,
}
