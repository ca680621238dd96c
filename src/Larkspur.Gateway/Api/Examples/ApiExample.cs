using System.Text.Json.Nodes;

namespace Larkspur.Gateway.Api.Examples;

/// <summary>One call of an operation as somebody would make it, and what it is answered.</summary>
/// <param name="Group">The file that it stands in, which is named after a group of the description.</param>
/// <param name="Operation">The operation's name.</param>
/// <param name="Parameters">Values in the path, the query and the headers, by name.</param>
/// <param name="Body">What is sent; null where the call has no body, or sends a file.</param>
/// <param name="Status">With which status it is answered; null where the answer is not shown.</param>
/// <param name="Answer">What is answered: members that tell something, not all of them.</param>
internal sealed record ApiExample(string Group, string Operation, JsonObject Parameters, JsonNode? Body, int? Status, JsonNode? Answer);
