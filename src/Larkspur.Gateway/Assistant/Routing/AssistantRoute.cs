using Larkspur.Gateway.Masking;

namespace Larkspur.Gateway.Assistant.Routing;

/// <summary>Who answers, and under which terms.</summary>
/// <param name="Name">Conversations are kept by it.</param>
/// <param name="Backend">Who answers.</param>
/// <param name="Title">What people read.</param>
/// <param name="Feature">What permissions are asked for.</param>
/// <param name="Masking">What is masked, both ways.</param>
/// <param name="Documents">Linked documents are read.</param>
/// <param name="Attachments">Pictures and files go to the backend.</param>
internal sealed record AssistantRoute(string Name, string Backend, string Title, string Feature, MaskingPolicy Masking, bool Documents, bool Attachments = true)
{
    /// <summary>Questions that may come next are offered below its answers.</summary>
    public bool Suggestions { get; init; }
}
