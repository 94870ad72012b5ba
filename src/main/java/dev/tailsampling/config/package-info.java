/**
 * Configuration and policies files. Each configuration key is one annotated component of a record
 * ({@link dev.tailsampling.config.SelectorConfig} and its sections); reading, checking, environment names,
 * documentation and masking all follow from those records, so a key cannot be half there. The range of a single value
 * stands in the annotation and is checked by the loader; what must hold between values, the record checks.
 *
 * <p>Policies files ({@link dev.tailsampling.config.PolicyFile}) become {@link dev.tailsampling.policy.PolicySet}s, files
 * of {@code catalog/} and of users ({@link dev.tailsampling.config.TableLayouts}) become
 * {@link dev.tailsampling.layout.TableLayout}s.
 * This is the only package that knows YAML.
 */
@NullMarked
package dev.tailsampling.config;

import org.jspecify.annotations.NullMarked;
