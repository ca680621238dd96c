using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>
/// An object in a request's body, declared once as a record: the description and the reading (<see cref="BodyShape"/>) both go by its
/// members and their attributes. A member that it does not declare is refused; what is no optional parameter, or is <c>required</c>, must
/// be there.
/// </summary>
internal interface IRequestPart;

/// <summary>The body of a request. RequestSizeLimit says how many bytes it may have.</summary>
/// <typeparam name="TSelf">The record itself.</typeparam>
internal interface IRequestBody<TSelf> : IRequestPart where TSelf : class, IRequestBody<TSelf>
{
    /// <summary>How it is written as JSON.</summary>
    static abstract JsonTypeInfo<TSelf> Contract { get; }
}

/// <inheritdoc/>
/// <typeparam name="TSelf">The record itself.</typeparam>
/// <typeparam name="TContracts">The context of its room.</typeparam>
internal interface IRequestBody<TSelf, TContracts> : IRequestBody<TSelf>
    where TSelf : class, IRequestBody<TSelf> where TContracts : JsonSerializerContext, IBodyContracts<TContracts>
{
    static JsonTypeInfo<TSelf> IRequestBody<TSelf>.Contract =>
        (JsonTypeInfo<TSelf>?)TContracts.Default.GetTypeInfo(typeof(TSelf))
        ?? throw new InvalidOperationException($"{typeof(TContracts)} lacks {typeof(TSelf)}.");
}

/// <summary>The contracts of a room's bodies, which the compiler fills.</summary>
internal interface IBodyContracts<TSelf> where TSelf : JsonSerializerContext, IBodyContracts<TSelf>
{
    static abstract TSelf Default { get; }
}
