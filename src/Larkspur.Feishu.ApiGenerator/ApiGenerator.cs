using Microsoft.CodeAnalysis;

namespace Larkspur.Feishu.ApiGenerator;

[Generator]
public sealed class ApiGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
    }
}
