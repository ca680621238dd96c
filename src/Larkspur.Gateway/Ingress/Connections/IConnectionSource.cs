namespace Larkspur.Gateway.Ingress.Connections;

/// <summary>Connections that the gateway opens to a platform other than Feishu, to be shown.</summary>
internal interface IConnectionSource
{
    /// <summary>As they are at this moment, in this process.</summary>
    IEnumerable<PlatformConnection> Connections { get; }
}
