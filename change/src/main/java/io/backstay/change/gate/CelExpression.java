package io.backstay.change.gate;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// One compiled expression with the paths of all facts it reads.
///
/// A group of facts may not be named as a whole, nor by index: every fact is named by its path, so
/// that what is missing is known before CEL could take it for something else. Source: Common
/// Expression Language, language definition.
final class CelExpression {
    private static final MapType GROUP = MapType.create(SimpleType.STRING, SimpleType.DYN);
    private static final Cel CEL =
            CelFactory.plannerCelBuilder()
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .addVar("change", GROUP)
                    .addVar("plan", GROUP)
                    .addVar("policy", GROUP)
                    .addVar("ev", GROUP)
                    .addVar("actor", GROUP)
                    .addVar("run", GROUP)
                    .addVar("cluster", GROUP)
                    .addVar("approvers", ListType.create(SimpleType.STRING))
                    .addVar("now", SimpleType.INT)
                    .setResultType(SimpleType.BOOL)
                    .build();

    private final CelRuntime.Program program;
    private final NavigableSet<String> paths;

    private CelExpression(CelRuntime.Program program, NavigableSet<String> paths) {
        this.program = program;
        this.paths = paths;
    }

    /// An expression, or why it is none.
    sealed interface Compiling {

        record Compiled(CelExpression expression) implements Compiling {}

        record Faulty(String why) implements Compiling {}
    }

    /// What came of an evaluation. Only [True] allows.
    sealed interface Value {

        record True() implements Value {}

        record False() implements Value {}

        record Failed(String why) implements Value {}
    }

    static Compiling compile(String text) {
        try {
            CelAbstractSyntaxTree tree = CEL.compile(text).getAst();
            NavigableSet<String> paths = paths(tree);
            Optional<String> unknown =
                    paths.stream().filter(p -> FactSchema.find(p).isEmpty()).findFirst();
            if (unknown.isPresent()) {
                return new Compiling.Faulty("there is no fact `%s`".formatted(unknown.get()));
            }
            if (paths.isEmpty()) {
                return new Compiling.Faulty("it reads no fact");
            }
            return new Compiling.Compiled(new CelExpression(CEL.createProgram(tree), paths));
        } catch (CelValidationException | CelEvaluationException e) {
            return new Compiling.Faulty(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    NavigableSet<String> paths() {
        return paths;
    }

    /// @param facts by path, checked before
    Value evaluate(Map<String, Object> facts) {
        try {
            Object value = program.eval(nested(facts));
            if (Boolean.TRUE.equals(value)) {
                return new Value.True();
            }
            // an unknown set, for one, is neither true nor an exception
            return Boolean.FALSE.equals(value)
                    ? new Value.False()
                    : new Value.Failed("not a yes or no but " + value);
        } catch (CelEvaluationException e) {
            return new Value.Failed(String.valueOf(e.getMessage()));
        }
    }

    /// Longest selections and bare names, but for the variables of macros.
    private static NavigableSet<String> paths(CelAbstractSyntaxTree tree) {
        NavigableSet<String> paths = new TreeSet<>();
        CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .filter(node -> !isInnerSelection(node))
                .forEach(node -> pathOf(node.expr()).filter(p -> isFact(p)).ifPresent(paths::add));
        return paths;
    }

    private static boolean isInnerSelection(CelNavigableExpr node) {
        return node.parent().map(p -> p.getKind() == ExprKind.Kind.SELECT).orElse(false);
    }

    private static boolean isFact(String path) {
        return FactSchema.isRoot(path.split("\\.", 2)[0]);
    }

    private static Optional<String> pathOf(CelExpr expr) {
        return switch (expr.getKind()) {
            case IDENT -> Optional.of(expr.ident().name());
            case SELECT ->
                    pathOf(expr.select().operand()).map(path -> path + "." + expr.select().field());
            default -> Optional.empty();
        };
    }

    private static Map<String, Object> nested(Map<String, Object> facts) {
        Map<String, Object> root = new HashMap<>();
        facts.forEach(
                (path, value) -> {
                    Map<String, Object> group = root;
                    String[] names = path.split("\\.");
                    for (int i = 0; i < names.length - 1; i++) {
                        @SuppressWarnings("unchecked") // built here, of maps only
                        var inner =
                                (Map<String, Object>)
                                        group.computeIfAbsent(
                                                names[i], _ -> new HashMap<String, Object>());
                        group = inner;
                    }
                    group.put(names[names.length - 1], value);
                });
        return root;
    }
}
