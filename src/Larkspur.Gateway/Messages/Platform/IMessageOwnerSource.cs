using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Messages;

/// <summary>A room that knows whose some messages are which have no row of the outbox.</summary>
internal interface IMessageOwnerSource
{
    /// <summary>Owners by message, of those that it knows.</summary>
    /// <param name="sql">The connection.</param>
    /// <param name="app">The app that sent them.</param>
    /// <param name="messages">The platform's ids; at least one.</param>
    ValueTask<IReadOnlyList<(string Message, string Owner)>> OfAsync(ISql sql, string app, IReadOnlyCollection<string> messages);
}
