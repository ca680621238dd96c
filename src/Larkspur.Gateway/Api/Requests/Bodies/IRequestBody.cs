using System.Text.Json.Serialization.Metadata;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>
/// An object in a request's body, declared once as a record: the description and the reading (<see cref="BodyShape"/>) both go by its
/// members and their attributes. A member that it does not declare is refused.
/// </summary>
internal interface IRequestPart;

/// <summary>The body of a request.</summary>
/// <typeparam name="TSelf">The record itself.</typeparam>
internal interface IRequestBody<TSelf> : IRequestPart where TSelf : class, IRequestBody<TSelf>
{
    /// <summary>How it is written as JSON: from the context that the compiler fills for its room.</summary>
    static abstract JsonTypeInfo<TSelf> Contract { get; }

    /// <summary>Bytes that it may have.</summary>
    static abstract int Largest { get; }
}
