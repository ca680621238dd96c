namespace Larkspur.Gateway.Apps.Connections;

/// <summary>An app's connection to its platform.</summary>
internal interface IAppConnection
{
    /// <summary>Connects, and again after every end, until it is stopped; throws nothing but for its own faults.</summary>
    Task RunAsync(CancellationToken stop);
}
